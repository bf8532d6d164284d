// The editor's parts that are saved as a whole: members, patents, awards, the photo. After editor.js and editor-files.js.
"use strict";

(() => {
  const desk = window.wuxiaoDesk;
  if (!desk) return;
  const blocks = [];

  // --- rows: members and patents --------------------------------------------------------------------------------

  function rowsOf(block) {
    const inputs = (row) => [...row.querySelectorAll("input[name], select[name]")];
    const rows = () => [...block.querySelectorAll("[data-row]")];
    const values = () => rows().map((row) => inputs(row).map((input) => input.value));
    const isEmpty = (row) => inputs(row).every((input) => input.tagName === "SELECT" || !input.value.trim());
    const signature = () => JSON.stringify(rows().filter((row) => !isEmpty(row)).map((r) => inputs(r).map((i) => i.value)));
    const most = Number(block.dataset.most);
    const add = block.querySelector("[data-add]");
    let saved = signature();
    let number = 0;
    let timer = 0;
    const one = { block, faulty: 0, dirty: () => signature() !== saved, save };

    function append() {
      const made = document.importNode(block.querySelector("template").content, true);
      number += 1;
      for (const node of made.querySelectorAll("[id], [for]")) {
        for (const name of ["id", "for"]) {
          if (node.hasAttribute(name)) node.setAttribute(name, node.getAttribute(name).replace("_N_", `_x${number}_`));
        }
      }
      const row = made.querySelector("[data-row]");
      add.before(made);
      show();
      return row;
    }

    function show() {
      const all = rows();
      for (const row of all) row.querySelector("[data-tools]").hidden = false;
      all.forEach((row, at) => { row.querySelector("[data-move=up]").disabled = at === 0; });
      add.hidden = all.length >= most;
    }

    async function save() {
      clearTimeout(timer);
      if (!one.dirty()) return undefined;
      return desk.queue(send);
    }

    async function send() {
      const before = signature();
      const body = new URLSearchParams([["revision", block.dataset.revision]]);
      for (const row of rows()) for (const input of inputs(row)) body.append(input.name, input.value);
      desk.tell("busy", "正在保存");
      let answer;
      try {
        answer = await desk.ask(block.dataset.url, body);
      } catch (error) {
        desk.failed(error);
        if (error.kind !== "gone") timer = setTimeout(save, 6000);
        return;
      }
      clear();
      if (answer.theirs) clash(answer);
      else if (answer.errors) paint(answer.errors);
      else if (answer.message) desk.notice(answer.message, "bad", block.dataset.rows);
      else took(answer, before);
      one.faulty = answer.errors || answer.message ? 1 : 0;
      desk.settle();
    }

    function clear() {
      desk.notice("", "", block.dataset.rows);
      for (const input of block.querySelectorAll("[data-row] [name]")) desk.fault(input.closest(".wx-field"), input, "");
      for (const box of block.querySelectorAll(".wx-clash")) box.remove();
    }

    function paint(errors) {
      for (const [at, sentences] of Object.entries(errors)) {
        for (const [name, sentence] of Object.entries(sentences)) {
          const input = rows()[at].querySelector(`[name=${name}]`);
          desk.fault(input.closest(".wx-field"), input, sentence);
        }
      }
    }

    function took(answer, before) {
      block.dataset.revision = answer.revision;
      const still = signature() === before;
      saved = before;
      if (still && !block.contains(document.activeElement)) {
        const full = rows().filter((row) => !isEmpty(row));
        answer.rows.forEach((row, at) => inputs(full[at]).forEach((input) => { input.value = row[input.name]; }));
        saved = signature();
      }
      desk.stand(answer);
    }

    function clash(answer) {
      const mine = rows().filter((row) => !isEmpty(row)).map((row) => inputs(row).map((i) => i.value).join(" "));
      const box = desk.clashBox(answer.message, mine.join("；"), answer.theirs.join("；"), (own) => {
        box.remove();
        one.faulty = 0;
        block.dataset.revision = answer.revision;
        if (own) save();
        else {
          saved = signature();
          window.location.reload();
        }
      });
      block.append(box);
    }

    block.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-move]");
      const row = event.target.closest("[data-row]");
      if (event.target.closest("[data-add]")) append().querySelector("input").focus();
      else if (tool && tool.dataset.move === "up" && row.previousElementSibling.matches("[data-row]")) {
        row.previousElementSibling.before(row);
        tool.focus();
      } else if (tool && tool.dataset.move === "off") {
        row.remove();
        add.hidden = false;
        add.focus();
      } else return;
      show();
      save();
    });
    block.addEventListener("input", () => {
      desk.tell("busy", "有改动，稍候保存");
      clearTimeout(timer);
      timer = setTimeout(save, 8000);
    });
    block.addEventListener("focusout", (event) => {
      const row = event.target.closest("[data-row]");
      if (row && !row.contains(event.relatedTarget) && one.dirty()) save();
    });
    document.addEventListener("desk-part", (event) => {
      const { name, at } = event.detail;
      if (name !== block.dataset.rows || at <= Number(block.dataset.revision)) return;
      desk.notice(`${block.dataset.word}刚刚被他人更新，请刷新页面查看。`, "info", name);
    });

    const all = rows();
    if (all.length && isEmpty(all[all.length - 1])) all[all.length - 1].remove();
    show();
    return one;
  }

  // --- the photo --------------------------------------------------------------------------------------------------

  function portrait(url) {
    const image = document.createElement("img");
    image.src = url;
    image.alt = "带头人相片";
    return image;
  }

  function photo() {
    const input = document.getElementById("photo");
    const said = document.getElementById("photo-said");
    const frame = document.querySelector("[data-photo]");
    if (!input) return;
    input.addEventListener("change", async () => {
      const chosen = input.files[0];
      if (!chosen) return;
      said.textContent = "";
      const file = window.wuxiaoCrop ? await window.wuxiaoCrop(chosen) : chosen;
      if (!file) {
        input.value = "";
        return;
      }
      input.value = "";
      const parts = () => ({ photo: file, revision: frame.dataset.revision });
      desk.single(said, "相片", input.dataset.url, parts, (answer) => {
        frame.dataset.revision = answer.revision;
        frame.replaceChildren(...(answer.photo ? [portrait(answer.photo)] : []));
        if (answer.theirs) return;
        said.textContent = answer.hint;
        desk.stand(answer);
      });
    });
  }

  // --- the stamped copy ---------------------------------------------------------------------------------------------

  function stamped() {
    const block = document.getElementById("stamped");
    const said = document.getElementById("stamped-said");
    const print = document.getElementById("print-stamped");
    if (!block) return;
    print.addEventListener("submit", async (event) => {
      event.preventDefault();
      await desk.flush();
      await desk.flushParts();
      print.elements.csrfmiddlewaretoken.value = desk.headers()["X-CSRFToken"];
      print.submit();
    });
    block.addEventListener("change", (event) => {
      const input = event.target.closest("input[type=file]");
      if (!input || !input.files[0]) return;
      desk.single(said, "扫描件", input.dataset.url, { scan: input.files[0] }, desk.stand);
      input.blur();
      input.value = "";
    });
  }

  stamped();
  for (const block of document.querySelectorAll("[data-rows]")) blocks.push(rowsOf(block));
  desk.flushParts = async () => { for (const one of blocks) await one.save(); };
  desk.busyParts = () => desk.uploads() + blocks.filter((one) => one.dirty()).length;
  desk.wrongParts = () => blocks.filter((one) => one.faulty).length;
  photo();
})();
