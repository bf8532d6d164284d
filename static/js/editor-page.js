// What the editor shows and hides: counted characters, fields that only some answers ask for, links into a field.
// After editor.js.
"use strict";

(() => {
  const desk = window.wuxiaoDesk;
  if (!desk) return;
  const { plain, value } = desk.fields;
  const form = document.getElementById("f");

  function counters() {
    for (const box of form.querySelectorAll("textarea[data-max]")) {
      const meter = document.createElement("div");
      meter.className = "wx-meter wx-mute";
      box.insertAdjacentElement("afterend", meter);
      const count = () => {
        const length = [...plain(box.value).trim()].length;
        meter.textContent = `${length} / ${box.dataset.max} 字`;
        meter.classList.toggle("is-over", length > Number(box.dataset.max));
      };
      box.addEventListener("input", count);
      box.addEventListener("desk-put", count);
      count();
    }
  }

  /** The explanation of a category, the figures of a path: shown where they are asked for. */
  function reveal() {
    const explain = form.querySelector("[data-explain]");
    const explained = form.dataset.explained.trim().split(/\s+/);
    if (explain) explain.hidden = !explained.includes(value("category")) && !value("category_note");
    const path = value("benefit_path");
    for (const part of form.querySelectorAll("[data-only-path]")) {
      const star = part.dataset.onlyPath === path || !path;
      for (const sign of part.querySelectorAll(".form-label .req, .form-label .wx-vh")) sign.hidden = !star;
      if (part.dataset.onlyPath === "economic") part.hidden = path === "social";
    }
  }

  /** A link of the list leads into the field itself. */
  function jump(event) {
    const link = event.target.closest("#complete a, #foot-next, #notices a[href^='#']");
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    const control = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
    if (!control) return;
    event.preventDefault();
    target.scrollIntoView({ block: "center" });
    control.focus({ preventScroll: true });
  }

  desk.reveal = reveal;
  for (const part of document.querySelectorAll("[data-script-only]")) part.hidden = false;
  for (const input of document.querySelectorAll("input[data-native]")) input.classList.add("wx-vh"); // its label is the button
  form.addEventListener("change", reveal);
  document.addEventListener("click", jump);
  counters();
  reveal();
})();
