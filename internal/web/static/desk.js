// An officer's keys: t ticks the group of boxes and goes on to the next, j and k go to the
// next and the one before, a to "Accept", r to the reason of a rejection, n to the next case.
// They can be switched off, and do nothing while somebody types.
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", function () {
    var desk = document.querySelector("[data-of-desk]");
    var hint = document.querySelector("[data-of-keys]");
    if (!desk || !hint) return;
    var groups = Array.prototype.slice.call(document.querySelectorAll("[data-of-compare]"));
    var stored = "openflegt-desk-keys";
    var on = true;
    try { on = localStorage.getItem(stored) !== "off"; } catch (e) { /* no storage: keys stay on */ }

    var button = document.createElement("button");
    button.type = "button";
    button.className = "ecl-button ecl-button--tertiary";
    function name() { button.textContent = on ? hint.dataset.ofKeysOff : hint.dataset.ofKeys; button.setAttribute("aria-pressed", String(on)); }
    button.addEventListener("click", function () {
      on = !on;
      try { localStorage.setItem(stored, on ? "on" : "off"); } catch (e) { /* for this page alone, then */ }
      name();
    });
    name();
    hint.insertAdjacentElement("afterend", button);

    var current = -1;
    function go(to, quietly) {
      if (to < 0 || to >= groups.length) return;
      if (current >= 0) groups[current].classList.remove("of-compare--current");
      current = to;
      groups[to].classList.add("of-compare--current");
      if (quietly) return;
      groups[to].focus({ preventScroll: true });
      groups[to].scrollIntoView({ block: "nearest" });
    }
    function ticked(group) { return group.classList.contains("of-compare--ticked"); }
    var first = groups.findIndex(function (g) { return !ticked(g); });
    var asked = groups.findIndex(function (g) { return "#" + g.id === location.hash; });
    go(asked >= 0 ? asked : Math.max(0, first), asked < 0);

    // Ticking goes to the server without leaving the page; when that fails, the page itself
    // is sent and says why.
    function tick() {
      var group = groups[current], form = group && group.querySelector("form");
      if (!form || ticked(group)) return go(current + 1);
      fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).then(function (answer) {
        if (answer.type !== "opaqueredirect") return form.submit();
        group.classList.add("of-compare--ticked");
        form.elements.agrees.value = "no";
        form.querySelector("button").firstChild.nodeValue = hint.dataset.ofUndo;
      }, function () { form.submit(); });
      if (current + 1 < groups.length) go(current + 1); else focus("[data-of-accept]");
    }
    function focus(what) {
      var e = document.querySelector(what);
      if (!e) return;
      e.focus();
      e.scrollIntoView({ block: "center" });
    }
    var keys = {
      t: tick,
      j: function () { go(current + 1); },
      k: function () { go(current - 1); },
      a: function () { focus("[data-of-accept]"); },
      r: function () { focus("#f-reason_code"); },
      n: function () { location.href = desk.dataset.ofNext; }
    };
    document.addEventListener("keydown", function (event) {
      var typing = event.target.closest("input, select, textarea, dialog[open]");
      if (!on || typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      var act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    });
  });
})();
