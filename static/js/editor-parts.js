// The editor's parts that are saved as a whole: members, patents, the photo, the attachments. After editor.js.
"use strict";

(() => {
  const desk = window.wuxiaoDesk;
  if (!desk) return;
  const blocks = [];
  let uploads = 0;

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
      desk.notice(`${name === "members" ? "成员" : "专利"}名单刚刚被他人更新，请刷新页面查看。`, "info", name);
    });

    const all = rows();
    if (all.length && isEmpty(all[all.length - 1])) all[all.length - 1].remove();
    show();
    return one;
  }

  // --- the photo --------------------------------------------------------------------------------------------------

  function photo() {
    const input = document.getElementById("photo");
    const said = document.getElementById("photo-said");
    const frame = document.querySelector("[data-photo]");
    if (!input) return;
    input.addEventListener("change", () => {
      const file = input.files[0];
      if (!file) return;
      const body = new FormData();
      body.append("photo", file);
      desk.queue(async () => {
        desk.tell("busy", "正在上传相片");
        said.textContent = "";
        try {
          const answer = await desk.ask(input.dataset.url, body);
          if (answer.message) said.textContent = answer.message;
          else {
            const image = document.createElement("img");
            image.src = answer.photo;
            image.alt = "带头人相片";
            frame.replaceChildren(image);
            desk.stand(answer);
          }
          input.value = "";
          desk.settle();
        } catch (error) {
          said.textContent = `相片没有上传成功：${error.text}。`;
          desk.failed(error);
        }
      });
    });
  }

  // --- attachments --------------------------------------------------------------------------------------------------

  function attachments() {
    const block = document.querySelector("[data-files]");
    if (!block) return;
    const kind = document.getElementById("id_attachment_kind");
    const input = document.getElementById("files");
    const drop = block.querySelector("[data-drop]");
    const list = block.querySelector("[data-list]");
    const uploading = block.querySelector("[data-uploading]");
    let waiting = [];
    let line = Promise.resolve();

    function row(name) {
      const item = document.createElement("li");
      item.innerHTML = '<i class="bi bi-file-earmark" aria-hidden="true"></i><div><b></b><span></span></div>'
        + '<button class="wx-iconbtn" type="button" hidden><i class="bi bi-x-lg" aria-hidden="true"></i></button>';
      item.querySelector("b").textContent = name;
      const close = item.querySelector("button");
      close.setAttribute("aria-label", `不再显示 ${name}`);
      close.addEventListener("click", () => item.remove());
      uploading.append(item);
      return {
        say: (text) => { item.querySelector("span").textContent = text; },
        bad: (text) => {
          item.className = "is-bad";
          item.querySelector("span").textContent = text;
          close.hidden = false;
        },
        off: () => item.remove(),
      };
    }

    function take(files) {
      waiting.push(...files);
      if (!waiting.length) return;
      if (!kind.value) {
        desk.fault(kind.closest(".wx-field"), kind, `请先选择材料类型，选好后 ${waiting.length} 个文件自动上传。`);
        kind.focus();
        return;
      }
      desk.fault(kind.closest(".wx-field"), kind, "");
      const chosen = kind.value;
      for (const file of waiting.splice(0)) {
        const shown = row(file.name);
        const most = Number(block.dataset.max);
        if (file.size > most * 1048576) {
          shown.bad(`${(file.size / 1048576).toFixed(1)} MB，超过每个 ${most} MB 的上限。请压缩或拆成两份再传，其他文件不受影响。`);
          continue;
        }
        shown.say("等待上传");
        uploads += 1;
        line = line.then(() => upload(file, chosen, shown)).finally(() => { uploads -= 1; });
      }
      kind.value = "";
    }

    function upload(file, chosen, shown) {
      return new Promise((done) => {
        const body = new FormData();
        body.append("attachment_kind", chosen);
        body.append("files", file);
        const request = new XMLHttpRequest();
        request.open("POST", block.dataset.url);
        for (const [name, text] of Object.entries(desk.headers())) request.setRequestHeader(name, text);
        request.upload.addEventListener("progress", (event) => {
          const part = (bytes) => (bytes / 1048576).toFixed(1);
          shown.say(`正在上传 ${part(event.loaded)} / ${part(event.total)} MB`);
        });
        request.addEventListener("loadend", async () => {
          try {
            if (!request.status) throw { text: "网络中断，请重新选择这个文件" };
            const type = request.getResponseHeader("Content-Type");
            const answer = await desk.understood(request.status, type, async () => request.responseText);
            finished(answer, shown);
          } catch (error) {
            shown.bad(`没有上传成功：${error.text}。`);
          }
          done();
        });
        request.send(body);
      });
    }

    function finished(answer, shown) {
      const result = (answer.results || [])[0];
      if (!result || !result.ok) shown.bad(result ? result.sentence : answer.message);
      else shown.off();
      if (answer.files === undefined) return;
      list.innerHTML = answer.files;
      desk.stand(answer);
      desk.settle();
    }

    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove]");
      if (!button) return;
      event.preventDefault();
      if (!window.confirm(`${button.getAttribute("aria-label")}？移除后需要重新上传。`)) return;
      desk.queue(async () => {
        try {
          finished({ results: [{ ok: true }], ...(await desk.ask(button.dataset.remove, new URLSearchParams())) }, {
            off: () => {}, bad: () => {},
          });
        } catch (error) {
          desk.failed(error);
        }
      });
    });
    kind.addEventListener("change", () => take([]));
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      take(files);
    });
    for (const name of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.classList.toggle("is-over", name === "dragover");
        if (name === "drop") take([...event.dataTransfer.files]);
      });
    }
  }

  for (const block of document.querySelectorAll("[data-rows]")) blocks.push(rowsOf(block));
  desk.flushParts = async () => { for (const one of blocks) await one.save(); };
  desk.busyParts = () => uploads + blocks.filter((one) => one.dirty()).length;
  desk.wrongParts = () => blocks.filter((one) => one.faulty).length;
  photo();
  attachments();
})();
