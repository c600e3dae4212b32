/* A check sheet where the network comes and goes: it is sent without leaving the page, kept on this device with its photos until
   it has arrived, and tried again by itself. Every try carries the same key, so that the server stores the sheet once.
   Needs teamhub.js. */
(() => {
  "use strict";
  const { $$, changed, draftKey, sent, toast, unsent } = window.teamhub;
  const PATIENCE = 60000, AGAIN = 15000, NO_ANSWER = [502, 503, 504];

  /* PHOTOS OF THE DRAFT: text is kept by teamhub.js, photos need a database of the browser */

  const inStore = (mode, act) => new Promise((done, failed) => {
    const opening = indexedDB.open("teamhub", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("photos");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const work = opening.result.transaction("photos", mode), asked = act(work.objectStore("photos"));
      work.oncomplete = () => { opening.result.close(); done(asked.result); };
      work.onabort = () => { opening.result.close(); failed(work.error); };
    };
  });
  const photoFields = (form) => $$("input[data-photos]", form);
  const keepPhotos = (form) => {
    const chosen = photoFields(form).filter((field) => field.files.length).map((field) => [field.name, Array.from(field.files)]);
    inStore("readwrite", (photos) => photos.put(chosen, draftKey(form)))
      .catch(() => toast("这台手机存不住照片，没有网络时请不要关这一页。", true));
  };
  const forgetPhotos = (form) => inStore("readwrite", (photos) => photos.delete(draftKey(form))).catch(() => {});
  const bringBackPhotos = async (form) => {
    const chosen = await inStore("readonly", (photos) => photos.get(draftKey(form))).catch(() => []);
    (chosen || []).forEach(([name, files]) => {
      const field = form.elements[name], carrier = new DataTransfer();
      if (!field) return;
      files.forEach((file) => carrier.items.add(file));
      field.files = carrier.files;
      changed(field);
    });
  };
  document.addEventListener("change", ({ target }) => {
    const form = target.closest(".checklist");
    if (form && (target === form || target.matches("[data-photos]"))) keepPhotos(form);
  });

  /* SENDING */

  let timer = null;
  const post = (form) => {
    const patience = new AbortController();
    setTimeout(() => patience.abort(), PATIENCE);
    const request = { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" }, signal: patience.signal };
    return fetch(location.href, request);
  };
  const say = (form, text) => {
    const note = form.querySelector(".offline-note");
    note.hidden = !text;
    note.querySelector("span").textContent = text;
  };
  const wait = (form) => {
    form.dataset.waiting = "1";
    unsent(form);
    say(form, "没有网络，已存在手机上，恢复后自动提交。");
    timer = setTimeout(send, AGAIN, form);
  };
  const send = async (form) => {
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    clearTimeout(timer);
    try {
      const answer = await post(form), target = answer.headers.get("HX-Redirect");
      if (NO_ANSWER.includes(answer.status)) return wait(form);
      if (!target) return form.submit(); // Refused, or signed out: let the browser show what the server says.
      sent(form);
      await forgetPhotos(form);
      location.assign(target);
    } catch {
      wait(form);
    } finally {
      delete form.dataset.sending;
    }
  };
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches(".checklist")) return;
    event.preventDefault();
    send(event.target);
  });
  const waitingForms = () => $$(".checklist[data-waiting]").filter((form) => !form.dataset.changed);
  window.addEventListener("online", () => waitingForms().forEach(send));
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-send-again]");
    if (button) send(button.form);
  });
  // Half a change is not sent by itself.
  document.addEventListener("input", ({ target }) => {
    const form = target.closest(".checklist[data-waiting]");
    if (!form || form.dataset.sending) return;
    clearTimeout(timer);
    form.dataset.changed = "1";
    say(form, "还没有交上去，改好以后请再点提交。");
  });

  // After teamhub.js has brought back the text.
  document.addEventListener("DOMContentLoaded", () => $$(".checklist").forEach((form) =>
    (form.dataset.restored ?? form.dataset.refused) === undefined ? forgetPhotos(form) : bringBackPhotos(form)));
})();
