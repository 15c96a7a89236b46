"use strict";
// Sorting, paging and searching of long tables. Without it every row is simply there.
(() => {
  const PAGE = 25;

  const element = (name, text, properties) =>
    Object.assign(document.createElement(name), text === null ? {} : { textContent: text }, properties);

  const keyOf = (cell) => (cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v));

  const page = (table) => {
    const body = table.tBodies[0];
    const all = [...body.rows];
    const names = all.map((row) => row.cells[0].textContent.toLowerCase());
    const heads = [...table.tHead.rows[0].cells];
    let order = all.map((_, at) => at);
    let first = 0;
    let wanted = "";

    const before = element("button", "Previous", { type: "button" });
    const after = element("button", "Next", { type: "button" });
    const where = element("output", "", {});
    const search = element("input", null, { type: "search", placeholder: "Find an account" });
    search.setAttribute("aria-label", "Find an account in this table");
    const tools = element("div", null, { className: "tools" });
    tools.append(search, before, after, where);

    const show = () => {
      const matching = wanted ? order.filter((at) => names[at].includes(wanted)) : order;
      if (first >= matching.length) first = 0;
      const shown = matching.slice(first, first + PAGE);
      body.replaceChildren(...shown.map((at) => all[at]));
      before.disabled = first === 0;
      after.disabled = first + PAGE >= matching.length;
      where.textContent = matching.length
        ? `${(first + 1).toLocaleString("en")}–${(first + shown.length).toLocaleString("en")} of ${matching.length.toLocaleString("en")}`
        : "no account matches";
    };

    const sort = (column) => {
      const falling = heads[column].getAttribute("aria-sort") === "descending";
      const rising = heads[column].getAttribute("aria-sort") === "ascending";
      // Numbers are most wanted from the top, names from the start of the alphabet.
      const numeric = heads[column].classList.contains("n");
      const down = falling || rising ? rising : numeric;
      const keys = all.map((row) => keyOf(row.cells[column]));
      const sign = down ? -1 : 1;
      order = all
        .map((_, at) => at)
        .sort((a, b) => (keys[a] < keys[b] ? -sign : keys[a] > keys[b] ? sign : a - b));
      for (const head of heads) head.removeAttribute("aria-sort");
      heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
      first = 0;
      show();
    };

    heads.forEach((head, column) => {
      const button = element("button", head.textContent, { type: "button" });
      button.addEventListener("click", () => sort(column));
      head.replaceChildren(button);
    });
    before.addEventListener("click", () => { first = Math.max(0, first - PAGE); show(); });
    after.addEventListener("click", () => { first += PAGE; show(); });
    search.addEventListener("input", () => { wanted = search.value.trim().toLowerCase(); first = 0; show(); });
    (table.closest(".scroll") ?? table).before(tools);
    show();
  };

  for (const table of document.querySelectorAll("table[data-paged]")) page(table);

  // A printed page cannot be unfolded: open what explains a decision, and fold it back afterwards.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.spared:not([open])")];
    for (const part of opened) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });
})();
