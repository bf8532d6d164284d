// Scoring by keyboard: arrows and digits suffice. After sheet.js.
"use strict";

(() => {
  const { form, criteria, given, pointsOf, changed } = window.wuxiaoSheet;
  if (!form) return; // the sheet takes no more changes

  const DIGITS = 900; // how long a second digit is waited for, milliseconds
  let typed = "";
  let typedAt = 0;

  const current = () => {
    const focused = document.activeElement && document.activeElement.closest("[data-criterion]");
    return focused || criteria.find((one) => given(one) === null) || criteria[0];
  };

  function choose(input) {
    input.checked = true;
    input.focus({ preventScroll: true });
    input.nextElementSibling.scrollIntoView({ block: "nearest" });
    changed(true);
  }

  const levelsOf = (fieldset) => [...fieldset.querySelectorAll(".wx-lv-i:not(:disabled)")];

  function moveLevel(fieldset, by) {
    const levels = levelsOf(fieldset);
    const at = levels.findIndex((level) => level.checked);
    const next = at < 0 ? (by > 0 ? 0 : levels.length - 1) : Math.min(levels.length - 1, Math.max(0, at + by));
    if (next !== at) choose(levels[next]);
    else levels[at].focus({ preventScroll: true });
  }

  function movePoints(fieldset, by) {
    const level = fieldset.querySelector(".wx-lv-i:checked");
    const group = level && pointsOf(level);
    if (!group) return;
    const inputs = [...group.querySelectorAll("input")];
    const at = inputs.findIndex((input) => input.checked);
    const next = at < 0 ? (by > 0 ? 0 : inputs.length - 1) : Math.min(inputs.length - 1, Math.max(0, at + by));
    if (next !== at) choose(inputs[next]);
  }

  // “17” chooses 17 points and the level that holds them; a single digit waits for a second one if one could follow.
  function digit(fieldset, sign) {
    const now = Date.now();
    typed = now - typedAt < DIGITS ? (typed + sign).slice(-2) : sign;
    typedAt = now;
    for (const level of levelsOf(fieldset)) {
      const group = pointsOf(level);
      const input = group && [...group.querySelectorAll("input")].find((one) => Number(one.value) === Number(typed));
      if (!input) continue;
      level.checked = true;
      choose(input);
      return;
    }
  }

  function nextCriterion(fieldset) {
    const after = criteria[criteria.indexOf(fieldset) + 1];
    if (!after) {
      form.querySelector(".wx-sum .btn-primary").focus();
      return;
    }
    const target = after.querySelector(".wx-lv-i:checked") || levelsOf(after)[0];
    target.focus({ preventScroll: true });
    after.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const target = event.target;
    if (target.closest("textarea, a, button, summary, #text-size, input:not([type=radio]), [role=region]")) return;
    const fieldset = current();
    const moves = {
      ArrowUp: () => moveLevel(fieldset, -1),
      ArrowDown: () => moveLevel(fieldset, 1),
      ArrowLeft: () => movePoints(fieldset, -1),
      ArrowRight: () => movePoints(fieldset, 1),
      Enter: () => nextCriterion(fieldset),
      n: () => form.querySelector(".wx-sum .btn-primary").click(),
      N: () => form.querySelector(".wx-sum .btn-primary").click(),
    };
    const inForm = Boolean(target.closest("[data-criterion]"));
    const act = /^[0-9]$/.test(event.key) ? () => digit(fieldset, event.key) : moves[event.key];
    if (!act || (event.key.startsWith("Arrow") && !inForm && target !== document.body)) return;
    if (event.key === "Enter" && !inForm) return;
    event.preventDefault();
    act();
  });

  const keys = form.querySelector(".wx-keys");
  if (keys) keys.hidden = false;
})();
