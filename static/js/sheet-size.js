// The size of the sheet's text, remembered on this device.
"use strict";

(() => {
  const choice = document.getElementById("text-size");
  if (!choice) return;
  const key = "wuxiao-text-size";
  const apply = (size) => document.body.classList.toggle("is-large", size === "large");
  try {
    if (localStorage.getItem(key) === "large") choice.querySelector("[value=large]").checked = true;
  } catch {
    // not remembered
  }
  choice.hidden = false;
  apply(choice.querySelector("input:checked").value);
  choice.addEventListener("change", (event) => {
    apply(event.target.value);
    try {
      localStorage.setItem(key, event.target.value);
    } catch {
      // not remembered
    }
  });
})();
