// Leaving the editor: the buttons of the form, once everything on the page is saved. The last of the editor's files.
"use strict";

(() => {
  const desk = window.wuxiaoDesk;
  if (!desk) return;
  const form = document.getElementById("f");

  let leaving = false;
  window.addEventListener("pageshow", () => { leaving = false; }); // back on the page as it was kept

  async function submit(event) {
    event.preventDefault();
    const wanted = event.submitter && event.submitter.value;
    if (desk.uploads()) desk.notice("正在等待文件上传完成，完成后自动继续。", "info", "submit");
    await desk.uploaded();
    desk.notice("", "", "submit");
    await desk.flush();
    await desk.flushParts();
    if (wanted !== "submit" && wanted !== "register") return undefined;
    const unsent = desk.unsentFiles();
    if (unsent) {
      desk.notice(`有 ${unsent} 个文件还没有上传：请选择材料类型，或重新上传，不要的请移去，再提交。`, "bad", "submit");
      document.querySelector("[data-files]").scrollIntoView({ block: "center" });
      return undefined;
    }
    const open = form.querySelector(".wx-clash, .is-invalid, [aria-invalid=true]");
    if (desk.unsaved() || desk.busyParts() || desk.wrongParts()) {
      desk.notice("还有内容没有保存，请先处理标出的地方，再提交。", "bad", "submit");
      if (open) open.scrollIntoView({ block: "center" });
      else window.scrollTo(0, 0);
      return undefined;
    }
    if (leaving) return undefined; // the second click of a double click
    leaving = true;
    const handIn = document.getElementById("hand-in");
    handIn.elements.do.value = wanted;
    handIn.elements.csrfmiddlewaretoken.value = desk.token();
    return handIn.submit();
  }

  form.addEventListener("submit", submit);
  window.addEventListener("beforeunload", (event) => {
    if (leaving || (!desk.dirty().length && !desk.busyParts())) return;
    event.preventDefault();
    event.returnValue = "";
  });
})();
