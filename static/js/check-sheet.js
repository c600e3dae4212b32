/* The check sheet on a phone: a row opens when something is wrong, a chapter counts its rows. Needs teamhub.js. */
(() => {
  "use strict";
  const { $$, onArrange } = window.teamhub;

  const countGroup = (group) => {
    const rows = $$(".check-toggle", group), bad = rows.filter((row) => row.checked).length;
    const count = group.querySelector(".check-count");
    if (!count) return;
    count.textContent = bad ? `${rows.length} 项，${bad} 项有问题` : `${rows.length} 项，正常`;
    count.classList.toggle("has-bad", bad > 0);
  };
  const openRow = (toggle) => {
    // Fields of a row that is in order are neither required nor sent.
    const more = toggle.closest(".check-row").querySelector("fieldset.check-more");
    if (more) more.disabled = !toggle.checked;
    if (toggle.checked) toggle.closest("details")?.setAttribute("open", "");
  };
  document.addEventListener("change", (event) => {
    if (!event.target.matches(".check-toggle")) return;
    openRow(event.target);
    const group = event.target.closest(".check-group");
    if (group) countGroup(group);
  });

  onArrange((root) => {
    $$(".check-toggle", root).forEach(openRow);
    $$(".check-group", root).forEach(countGroup);
  });
})();
