// The licence form while one types: checks, saving as a draft, and what is not saved yet.
// The form works without this script; everything here only helps.
(function () {
  "use strict";
  var form = document.getElementById("licence-form");
  if (!form || !window.fetch || !window.URLSearchParams) return;

  var CHECK_AFTER = 500, SAVE_AFTER = 1500, RETRY_AFTER = 15000; // milliseconds
  var ALIVE = 60000; // characters a request may have that outlives its page
  var status = form.querySelector("[data-of-autosave]");
  var choices = form.querySelector("[data-of-choices]");
  var queue = Promise.resolve(); // one request after the other: two never race
  var held = Promise.resolve();
  var running = 0;
  var changes = 0; // counts what was typed, to know whether an answer is still up to date
  var saved = 0;
  var unsure = null; // what was sent without an answer
  var conflict = form.dataset.ofProblem === "conflict";
  var leaving = false;
  var waiting = false; // the form is sent as soon as all is answered
  var saveTimer, checkTimer, checking;

  function field(name) { return form.elements.namedItem(name); }
  function id() { return field("id").value; }
  function say(text) { if (status.textContent !== text) status.textContent = text; }
  function words(name) { return status.dataset[name]; }

  // What stands in the form, without files.
  function body() {
    var all = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && name !== "do") all.append(name, value);
    });
    if (conflict) all.set("version", "-1"); // never to be taken for the newest
    return all;
  }

  // One request after the other.
  function inTurn(job) {
    running++;
    var done = function () { running--; };
    var turn = queue.then(job);
    queue = turn.then(done, done);
    return turn;
  }

  // hold makes whoever sends the form wait for something as well.
  function hold(job) {
    running++;
    held = held.then(function () { return job; }).finally(function () { running--; });
  }
  function idle() {
    return Promise.all([queue, held]).then(function () { return running ? idle() : undefined; });
  }

  // --- What is not saved yet is kept in this browser, for this account and this licence.
  function keptUnder() { return "openflegt-draft:" + form.dataset.ofAccount + ":" + (id() || "new"); }
  function keep() {
    try {
      localStorage.setItem(keptUnder(), JSON.stringify({ at: Date.now(), body: body().toString() }));
    } catch (e) { /* no room, or not allowed: saving on the server remains */ }
  }
  function kept() {
    try { return JSON.parse(localStorage.getItem(keptUnder())); } catch (e) { return null; }
  }
  function forget() {
    try { localStorage.removeItem(keptUnder()); } catch (e) { /* nothing is kept then */ }
  }

  // --- Saving.
  function send(text) {
    return fetch(id() ? "/licences/" + encodeURIComponent(id()) + "/autosave" : "/licences/new/autosave", {
      method: "POST", body: new URLSearchParams(text), credentials: "same-origin", redirect: "error", keepalive: text.length < ALIVE
    });
  }

  // What the server answered about the draft goes into the form: the next save builds on it.
  function take(answer) {
    if (!id()) {
      forget(); // it was kept under "new"
      field("id").value = answer.id;
      var key = field("key");
      if (key) key.remove();
      form.action = answer.edit;
      form.dataset.ofLicence = answer.id;
    }
    if (location.pathname !== answer.edit && !waiting) history.replaceState(history.state, "", answer.edit);
    field("version").value = answer.version;
    call(answer.title);
    page.numbered(answer.lines);
  }

  // call gives the page the name that it has when it is opened anew.
  function call(title) {
    var heading = document.querySelector("h1"), old = heading.textContent;
    if (old === title) return;
    document.title = document.title.replace(old, title);
    heading.textContent = title;
    document.querySelector(".of-crumbs [aria-current]").textContent = title;
  }

  function choose(names) {
    choices.hidden = names.length === 0;
    Array.prototype.forEach.call(choices.children, function (c) {
      c.hidden = !names.some(function (name) { return name in c.dataset; });
    });
  }

  function refused(answer) {
    return answer.json().catch(function () { return {}; }).then(function (why) {
      if (answer.status === 401) {
        say(words("failed"));
        var link = choices.querySelector("[data-of-sign-in]");
        link.href = "/sign-in?next=" + encodeURIComponent(id() ? "/licences/" + id() + "/edit" : "/licences/new");
        choose(["ofSignIn"]);
      } else if (why.conflict) {
        conflict = true;
        keep();
        say(words("conflict"));
        choices.querySelector("[data-of-theirs]").href = "/licences/" + encodeURIComponent(id());
        choose(["ofTheirs"]);
      } else {
        say(why.sentence || words("failed"));
      }
    });
  }

  function saveNow() {
    clearTimeout(saveTimer);
    if (saved === changes || conflict || leaving) return queue;
    return inTurn(function () {
      if (saved === changes || conflict) return;
      var mark = changes, text = unsure || body().toString();
      if (unsure) mark = -1; // first learn what became of it
      say(words("saving"));
      return send(text).then(function (answer) {
        unsure = null;
        if (!answer.ok) return refused(answer);
        return answer.json().then(function (draft) {
          take(draft);
          choose([]);
          if (mark === changes) {
            saved = changes;
            forget();
            say(words("saved"));
          } else {
            if (mark >= 0) saved = mark;
            keep();
            later();
          }
        });
      }, function () {
        unsure = text;
        say(words("failed"));
        clearTimeout(saveTimer);
        saveTimer = setTimeout(saveNow, RETRY_AFTER);
      });
    });
  }
  function later() {
    clearTimeout(saveTimer);
    saveTimer = setTimeout(saveNow, SAVE_AFTER);
  }

  // --- Checks.
  function check() {
    clearTimeout(checkTimer);
    if (checking) checking.abort();
    var mine = checking = new AbortController();
    fetch("/licences/check", { method: "POST", body: body(), credentials: "same-origin", redirect: "error", signal: mine.signal })
      .then(function (answer) { return answer.ok ? answer.text() : null; })
      .then(function (html) { if (html !== null && checking === mine) showChecks(html); })
      .catch(function () { /* the next one may get through */ });
  }
  function soonCheck() {
    clearTimeout(checkTimer);
    checkTimer = setTimeout(check, CHECK_AFTER);
  }

  // While a mouse button or finger is down nothing on the page moves: it would press beside
  // what it aims at.
  var down = false;
  document.addEventListener("pointerdown", function () { down = true; });
  ["pointerup", "pointercancel"].forEach(function (end) {
    document.addEventListener(end, function () { setTimeout(function () { down = false; }); });
  });

  function showChecks(html) {
    if (down) {
      setTimeout(showChecks, 100, html);
      return;
    }
    var found = new DOMParser().parseFromString(html, "text/html");
    var parts = found.querySelectorAll("p");
    var section = form.querySelector("[data-of-checks-section]");
    section.hidden = false;
    var list = section.querySelector("[data-of-checks]");
    if (!list.contains(document.activeElement)) {
      list.replaceChildren.apply(list, Array.from(found.querySelectorAll("ul")).map(function (ul) { return document.importNode(ul, true); }));
    }
    put(section.querySelector("[data-of-summary]"), parts[0]);
    put(form.querySelector("[data-of-totals]"), parts[1]);
    var worst = {};
    found.querySelectorAll("[data-of-field]").forEach(function (line) {
      var name = line.dataset.ofField;
      if (name && !worst[name]) worst[name] = line;
    });
    Array.prototype.forEach.call(form.elements, function (box) {
      if (box.name && box.id && box.type !== "hidden") mark(box, worst[box.name]);
    });
  }
  function put(place, part) {
    if (place && place.textContent !== part.textContent) place.replaceChildren.apply(place, Array.from(document.importNode(part, true).childNodes));
  }

  // A box says beside itself what was found about it, once it has been left; while it is
  // typed in, only what is right or gets better.
  function mark(box, line) {
    var note = document.getElementById(box.id + "-note");
    var severity = line ? line.dataset.ofSeverity : "";
    var typing = box === document.activeElement && !note && severity !== "ok";
    if (!("touched" in box.dataset) || typing) return;
    var old = document.getElementById(box.id + "-error");
    if (old) old.remove();
    box.classList.toggle(box.tagName === "SELECT" ? "ecl-select--invalid" : "ecl-text-input--invalid", severity === "wrong");
    if (severity === "wrong") box.setAttribute("aria-invalid", "true"); else box.removeAttribute("aria-invalid");
    if (!line) {
      if (note) note.remove();
      describe(box);
      return;
    }
    if (!note) {
      note = document.createElement("div");
      note.id = box.id + "-note";
      (box.closest(".ecl-select__container") || box).insertAdjacentElement("afterend", note);
    }
    note.className = "of-note of-note--" + severity;
    var word = line.querySelector(".of-status").textContent.trim(), text = line.querySelector(".ecl-link") || line.lastElementChild;
    var said = word + ": " + text.textContent.trim();
    if (note.textContent !== said) {
      var strong = document.createElement("strong");
      strong.textContent = word + ":";
      note.replaceChildren(strong, " " + text.textContent.trim());
    }
    describe(box);
  }
  function describe(box) {
    var ids = ["-hint", "-error", "-note"].map(function (end) { return box.id + end; })
      .filter(function (one) { return document.getElementById(one); });
    if (ids.length) box.setAttribute("aria-describedby", ids.join(" ")); else box.removeAttribute("aria-describedby");
  }

  // --- What people do.
  function changed() {
    changes++;
    keep();
    if (!conflict) later();
    soonCheck();
  }
  form.addEventListener("input", function (event) {
    if (event.target.type === "file") return;
    event.target.dataset.touched = "";
    changed();
  });
  form.addEventListener("change", function (event) {
    if (event.target.type !== "file") saveNow();
  });
  form.addEventListener("focusout", function (event) {
    var box = event.target;
    if (!box.name || box.tagName === "BUTTON" || box.type === "file") return;
    box.dataset.touched = "";
    soonCheck();
  });
  // A finding leads to its box.
  form.addEventListener("click", function (event) {
    var link = event.target.closest(".of-finding a[href^='#']");
    var box = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!box) return;
    event.preventDefault();
    box.scrollIntoView({ block: "center" });
    box.focus({ preventScroll: true });
  });

  // The form is sent after what is under way has been answered, so that it builds on it.
  form.addEventListener("submit", function (event) {
    // Enter in a box saves, and one goes on where one is.
    if (event.submitter && "ofEnter" in event.submitter.dataset && !conflict) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (changes === saved && !id()) changes++;
      saveNow();
      return;
    }
    if (running === 0) {
      clearTimeout(saveTimer);
      leaving = true;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    var button = event.submitter;
    waiting = true;
    idle().then(function () {
      waiting = false;
      var wrong = document.getElementById("f-scan-note");
      if (wrong) wrong.scrollIntoView({ block: "center" }); // a scan that was just chosen did not arrive
      else if (button && button.isConnected) form.requestSubmit(button);
      else form.requestSubmit();
    });
  }, true);
  // Signing out and throwing the draft away end it all; signing out saves first.
  document.addEventListener("submit", function (event) {
    var to = event.target.getAttribute("action") || "";
    if (/\/discard$/.test(to)) { leaving = true; changes = saved; forget(); }
    if (to !== "/sign-out" || leaving || saved === changes && running === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    var out = event.target;
    saveNow().then(function () { leaving = true; out.requestSubmit(); });
  }, true);
  window.addEventListener("pageshow", function (event) { if (event.persisted) leaving = false; });
  document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") saveNow(); });
  window.addEventListener("pagehide", saveNow);
  window.addEventListener("online", saveNow);

  // adopt takes over what was kept of this draft before it had an id: the window was closed before the
  // first saving was answered. The key that the form brought along has become the draft's id.
  function adopt() {
    var before = "openflegt-draft:" + form.dataset.ofAccount + ":new";
    try {
      var copy = JSON.parse(localStorage.getItem(before)), all = new URLSearchParams(copy.body);
      if (!id() || all.get("key") !== id()) return;
      all.delete("key");
      all.set("id", id());
      all.set("version", "1");
      if (!kept()) localStorage.setItem(keptUnder(), JSON.stringify({ at: copy.at, body: all.toString() }));
      localStorage.removeItem(before);
    } catch (e) { /* nothing is kept then */ }
  }

  // --- What was kept when the page was last left is saved now, or shown, but never silently
  // put over what a colleague did.
  function bringBack() {
    var was = "openflegt-restored";
    try {
      if (sessionStorage.getItem(was) === location.pathname) say(words("restored"));
      sessionStorage.removeItem(was);
    } catch (e) { /* then it is not said */ }
    adopt();
    var copy = kept();
    if (!copy || "ofProblem" in form.dataset) return;
    form.inert = true;
    inTurn(function () {
      return send(copy.body).then(function (answer) {
        if (answer.ok) {
          return answer.json().then(function (draft) {
            forget();
            // It is what this page shows, unless it was saved after the page was made.
            if (draft.same && (!id() || String(draft.version) === field("version").value)) return;
            leaving = true;
            try { sessionStorage.setItem(was, draft.edit); } catch (e) { /* then it is not said */ }
            location.replace(draft.part);
          });
        }
        if (answer.status !== 409) return refused(answer);
        say(words("kept"));
        choose(["ofMine", "ofDrop"]);
      }, function () { say(words("failed")); });
    }).finally(function () { if (!leaving) form.inert = false; });
    choices.querySelector("[data-of-drop]").addEventListener("click", function () {
      forget();
      choose([]);
      say("");
    });
    // The server shows it beside what has changed since; nothing is saved by that.
    choices.querySelector("[data-of-mine]").addEventListener("click", function () {
      var again = document.createElement("form");
      again.method = "post";
      again.action = form.action;
      again.hidden = true;
      var all = new URLSearchParams(copy.body);
      all.set("version", "-1");
      all.forEach(function (value, name) {
        var box = document.createElement("input");
        box.type = "hidden";
        box.name = name;
        box.value = value;
        again.append(box);
      });
      document.body.append(again);
      leaving = true;
      again.submit();
    });
  }

  var page = window.openflegtLicence = {
    form: form, id: id, changed: changed, check: check, say: say, words: words, inTurn: inTurn, hold: hold,
    // numbered is told the numbers of the goods lines; the script of the lines sets it.
    numbered: function () {},
    // ensure saves until the draft has an id; it fails when it cannot be saved.
    ensure: function () {
      if (id()) return Promise.resolve();
      if (saved === changes) changes++;
      return saveNow().then(function () { if (!id()) throw new Error("not saved"); });
    },
    // scanned takes the draft's new version, unless somebody else changed the draft as well:
    // then the next save is told.
    scanned: function (version) {
      if (version === Number(field("version").value) + 1) field("version").value = version;
    }
  };
  document.addEventListener("DOMContentLoaded", function () {
    if (id() && location.pathname !== form.getAttribute("action")) history.replaceState(history.state, "", form.getAttribute("action"));
    bringBack();
    if (form.querySelector("[data-of-checks-section]").hidden && id()) check();
  });
})();
