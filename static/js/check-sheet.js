/* The check sheet on a phone: a row opens when something is wrong, a chapter counts its rows, a sheet with findings asks
   before it is sent, and Enter goes on to the next field instead of sending half a sheet. Needs teamhub.js. */
(() => {
  "use strict";
  const { $$, changed, onArrange } = window.teamhub;

  const marked = (root) => $$(".check-toggle:checked", root);
  const isAward = (toggle) => Boolean(toggle.closest(".is-award"));
  // Hundredths that a row takes or awards; of a scored row, which says what it is given, what is missing to full marks.
  const worth = (toggle) => {
    const row = toggle.closest(".check-row"), typed = Number(row.querySelector(".stepper input").value) || 0;
    return Math.round((row.dataset.full ? row.dataset.full - typed : typed) * 100);
  };
  const isFault = (toggle) => !isAward(toggle) && (worth(toggle) > 0 || !toggle.closest("[data-full]"));
  const pointsOf = (toggles) => toggles.reduce((sum, toggle) => sum + worth(toggle), 0) / 100;

  const countGroup = (group) => {
    const count = group.querySelector(".check-count");
    if (!count) return;
    const rows = $$(".check-toggle", group).length, found = marked(group), award = group.matches(".is-award");
    const faults = found.filter(isFault), awards = found.filter(isAward), news = award ? [] : [`${rows} 项`];
    if (faults.length) news.push(`${faults.length} 项有问题`);
    if (awards.length) news.push(`加 ${pointsOf(awards)} 分`);
    if (!faults.length && !awards.length) news.push(award ? "没有" : "正常");
    count.textContent = news.join("，");
    count.classList.toggle("has-bad", faults.length > 0);
    count.classList.toggle("has-good", awards.length > 0 && !faults.length);
  };
  // What the dialog before sending says; a clean sheet has nothing to say and goes with one tap.
  const sumUp = (form) => {
    const faults = marked(form).filter(isFault), awards = marked(form).filter(isAward);
    const parts = [];
    if (faults.length) parts.push(`${faults.length} 条有问题，共扣 ${pointsOf(faults)} 分`);
    if (awards.length) parts.push(`加 ${pointsOf(awards)} 分`);
    if (parts.length) form.dataset.confirm = `${parts.join("；")}。其余全部正常。`;
    else delete form.dataset.confirm;
  };
  const openRow = (toggle) => {
    // Fields of a row that is in order are neither required nor sent.
    const more = toggle.closest(".check-row").querySelector("fieldset.check-more");
    if (more) more.disabled = !toggle.checked;
    if (toggle.checked) toggle.closest("details")?.setAttribute("open", "");
  };
  ["input", "change"].forEach((name) => document.addEventListener(name, ({ target }) => {
    const form = target.closest(".checklist");
    if (!form) return;
    if (target.matches(".check-toggle")) openRow(target);
    if (target.closest(".check-group")) countGroup(target.closest(".check-group"));
    sumUp(form);
  }));

  document.addEventListener("click", ({ target }) => {
    const phrase = target.closest(".phrases button");
    if (!phrase) return;
    const note = phrase.closest(".check-more").querySelector("input[name$='-note']");
    note.value = phrase.textContent;
    changed(note);
  });

  // Who it was leads on to what it was: saves a tap on a phone. With a keyboard, a choice is still being made.
  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".checklist .check-more select") || !window.matchMedia("(pointer: coarse)").matches) return;
    const note = target.closest(".check-more").querySelector("input[name$='-note']");
    if (!note.value) note.focus();
  });

  const goOn = (field) => {
    const stops = Array.from(field.form.elements).filter((stop) =>
      stop.matches("input:not([type=hidden]), select, [type=submit]") && !stop.matches(":disabled") && stop.getClientRects().length);
    stops[stops.indexOf(field) + 1]?.focus();
  };
  document.addEventListener("keydown", (event) => {
    // Enter that ends the typing of a Chinese word belongs to the input method.
    if (event.key !== "Enter" || event.isComposing || !event.target.matches(".checklist input")) return;
    event.preventDefault();
    goOn(event.target);
  });

  onArrange((root) => {
    $$(".check-toggle", root).forEach(openRow);
    $$(".check-group", root).forEach(countGroup);
    $$(".checklist", root).forEach(sumUp);
  });
})();
