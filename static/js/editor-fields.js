// The editor's fields by their names: read, written, found, and a value in the words that the page shows.
// After editor-told.js.
"use strict";

(() => {
  const desk = window.wuxiaoDesk;
  if (!desk) return;
  const form = document.getElementById("f");

  const plain = (text) => (text || "").replace(/\r\n?/g, "\n");

  function value(name) {
    const control = form.elements[name];
    if (!control) return "";
    if (control.type === "checkbox") return control.checked ? "on" : "";
    return plain(control.value);
  }

  function put(name, text) {
    const control = form.elements[name];
    if (!control) return;
    if (control.type === "checkbox") control.checked = text !== "";
    else if (control instanceof RadioNodeList) for (const radio of control) radio.checked = radio.value === text;
    else control.value = text;
    control.dispatchEvent && control.dispatchEvent(new CustomEvent("desk-put", { bubbles: true }));
    desk.reveal();
  }

  function first(name) {
    const control = form.elements[name];
    return control instanceof RadioNodeList ? control[0] : control;
  }

  const place = (name) => first(name).closest(".wx-field");
  const labelOf = (name) => {
    const label = place(name).querySelector(".form-label, .form-check label");
    return label ? label.firstChild.textContent.trim() : name;
  };

  /** A value in the words that the page shows: the label of an option, else the text. */
  function words(name, text) {
    const control = form.elements[name];
    if (control.type === "checkbox") return text ? "已勾选" : "未勾选";
    if (control instanceof RadioNodeList) {
      const radio = [...control].find((one) => one.value === text);
      return radio ? radio.labels[0].textContent.trim() : "";
    }
    const option = control.options && [...control.options].find((one) => one.value === text);
    return option ? option.textContent : text;
  }

  function asMade(name) {
    const made = form.elements[`initial-${name}`];
    if (!made) return value(name);
    const control = form.elements[name];
    if (control.type === "checkbox") return made.value === "True" || made.value === "on" ? "on" : "";
    return plain(made.value);
  }

  desk.reveal = () => {}; // until editor-page.js is there
  desk.fields = { plain, value, put, first, place, labelOf, words, asMade };
})();
