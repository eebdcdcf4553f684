"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (id) => document.getElementById(id);
  for (const part of all("[data-script]")) part.hidden = false;

  // On a phone a page for leadership is one screen too: what can wait is one touch away.
  if (matchMedia("(max-width: 44rem)").matches) for (const part of all("[data-narrow]")) part.open = false;

  // Folding. Paper cannot be unfolded, so everything is open while printing.
  const tasks = all("details");
  const fold = (open) => { for (const task of tasks) task.open = open; };
  one("unfold")?.addEventListener("click", () => fold(true));
  one("fold")?.addEventListener("click", () => fold(false));
  let before = [];
  addEventListener("beforeprint", () => { before = tasks.map((task) => task.open); fold(true); });
  addEventListener("afterprint", () => { tasks.forEach((task, place) => { task.open = before[place]; }); });

  const table = one("documents");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

  // Filtering.
  const find = one("find"), status = one("by-status"), freshness = one("by-freshness");
  const flag = one("by-flag"), found = one("found");
  const filter = () => {
    const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = words.get(row);
      const fits = wanted.every((word) => text.includes(word))
        && (!status.value || row.dataset.status === status.value)
        && (!freshness.value || row.dataset.freshness === freshness.value)
        && (!flag.checked || "flagged" in row.dataset);
      row.hidden = !fits;
      count += fits;
    }
    found.textContent = count === rows.length ? `All ${count} shown` : `${count} of ${rows.length} shown`;
  };
  let waiting = 0;
  find.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  for (const control of [status, freshness, flag]) control.addEventListener("change", filter);
  filter();

  // Sorting, by a cell's first date or by its words; empty cells stay last.
  const key = (row, column, by) => {
    const cell = row.cells[column];
    const text = by === "time"
      ? cell.querySelector("time")?.dateTime ?? "" : cell.textContent.trim().toLowerCase();
    return text === "—" || text === "none" ? "" : text;
  };
  const heads = all("th[data-sort]", table);
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `Sort by ${head.textContent.trim().toLowerCase()}`);
    head.append(" ", button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = rows.map((row, place) => [key(row, column, head.dataset.sort), place, row]);
      const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
      keyed.sort(([a, i], [b, j]) => (a === "") - (b === "") || order(a, b) * (down ? -1 : 1) || i - j);
      body.append(...keyed.map(([, , row]) => row));
    });
  });
})();
