// What this device still holds of other sheets, or of one that takes no more changes: sent, or shown. After sheet.js
// where that is loaded; any page of the expert with this file sends what is left over.
"use strict";

(() => {
  const { store, send } = window.wuxiaoSheet;
  const form = document.getElementById("sheet");
  const own = form ? form.dataset.save : "";

  // What the server refuses for good (handed in, closed) stays on this device with its reason: opened, it is shown.
  async function sendLeftovers() {
    const found = { sent: 0, waiting: 0, refused: "" };
    for (const url of store.urls()) {
      if (url === own) continue;
      const record = store.read(url);
      if (!record) continue;
      const answer = record.refused ? { kind: "refused" } : await send(url, record.fields, record.revision);
      if (answer.kind === "ok") {
        found.sent += 1;
        store.drop(url);
      } else if (answer.kind === "refused") {
        found.refused = record.refused || Object.values(answer.errors || {})[0] || "该评分表已不能修改。";
        store.write(url, { ...record, refused: found.refused });
      } else found.waiting += 1;
    }
    return found;
  }

  function tellLeftovers(found) {
    const notice = document.getElementById("pending");
    if (!notice) return;
    if (found.sent && !found.waiting && !found.refused) location.reload(); // the list shows the new totals
    const waiting = `${found.waiting} 份评分表的最近修改只存在本机，请联网并打开该份核对。`;
    notice.hidden = !found.waiting && !found.refused;
    document.getElementById("pending-text").textContent =
      (found.waiting ? waiting : "") + (found.refused ? `本机有一份修改没有被接受：${found.refused}打开该份可以查看。` : "");
  }

  // A sheet that was closed before this device could send its last change: she sees what did not go in.
  function showUnsent() {
    const record = form && store.read(own);
    if (!record) return;
    const names = [...form.querySelectorAll("[data-criterion]")].map((one) => {
      const level = record.fields[`level-${one.dataset.criterion}`];
      const points = record.fields[`points-${one.dataset.criterion}-${level}`];
      return `${one.dataset.name} ${points || "未选分"}`;
    });
    const box = document.createElement("div");
    box.className = "wx-rub-n";
    box.innerHTML = '<div class="wx-banner is-warn"><div><b class="wx-b">本机有一份没有交上的修改</b><p></p>' +
      '<p><button class="btn btn-sm btn-secondary" type="button">已记下，从本机清除</button></p></div></div>';
    box.querySelector("p").textContent = [...names, record.fields.comment].filter(Boolean).join("；");
    box.querySelector("button").addEventListener("click", () => {
      store.drop(own);
      box.remove();
    });
    form.querySelector(".wx-rub-b").prepend(box);
  }

  const open = form && !form.dataset.shut;
  if (!open) showUnsent();
  sendLeftovers().then((found) => open || tellLeftovers(found));
})();
