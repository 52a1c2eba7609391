// Scans are sent as soon as they are chosen, with a bar that shows how far they are. What
// cannot be a scan is said before it is sent; the server looks again.
(function () {
  "use strict";
  var page = window.openflegtLicence;
  if (!page || !window.Blob.prototype.arrayBuffer) return;
  var form = page.form, box = form.elements.namedItem("scan");
  var say = form.querySelector("[data-of-files]"), words = say.dataset;

  var BEGINNINGS = ["25504446", "ffd8ff", "89504e47", "49492a00", "4d4d002a"]; // PDF, JPEG, PNG, TIFF

  // wrong says what is wrong with a file; empty when nothing is.
  function wrong(file) {
    if (file.size === 0) return Promise.resolve(words.ofEmpty);
    if (file.size > Number(words.ofSize)) return Promise.resolve(words.ofLarge);
    return file.slice(0, 4).arrayBuffer().then(function (bytes) {
      var hex = Array.from(new Uint8Array(bytes), function (b) { return b.toString(16).padStart(2, "0"); }).join("");
      var fits = BEGINNINGS.some(function (b) { return hex.indexOf(b) === 0; });
      return fits ? "" : words.ofKind.replace("{found}", file.type || file.name.split(".").pop());
    });
  }

  function complain(text) {
    var note = document.getElementById("f-scan-note");
    if (!text) {
      if (note) note.remove();
      var said = document.getElementById("f-scan-error"); // by the page, before there was a scan
      if (said) said.remove();
      box.classList.remove("of-file-input--invalid");
      box.removeAttribute("aria-invalid");
      return;
    }
    if (!note) {
      note = document.createElement("div");
      note.id = "f-scan-note";
      note.className = "of-note of-note--wrong";
      note.setAttribute("role", "alert");
      box.after(note);
    }
    var line = document.createElement("p");
    line.textContent = text;
    note.append(line);
    box.classList.add("of-file-input--invalid");
    box.setAttribute("aria-invalid", "true");
    var hint = document.getElementById("f-scan-hint");
    box.setAttribute("aria-describedby", (hint ? hint.id + " " : "") + note.id);
  }

  function bar(file) {
    var row = document.createElement("div"), label = document.createElement("label"), progress = document.createElement("progress");
    row.className = "of-upload";
    label.textContent = words.ofName.replace("{name}", file.name);
    progress.max = 1;
    progress.value = 0;
    label.append(progress);
    row.append(label);
    say.before(row);
    return { move: function (part) { progress.value = part; }, end: function () { row.remove(); } };
  }

  function upload(file) {
    var shown = bar(file);
    return page.ensure().then(function () {
      return page.inTurn(function () { return put(file, shown); });
    }).catch(function () {
      complain(words.ofBroken.replace("{name}", file.name));
    }).finally(shown.end);
  }

  function put(file, shown) {
    return new Promise(function (done, failed) {
      var request = new XMLHttpRequest(), data = new FormData();
      data.append("id", page.id());
      data.append("scan", file);
      request.open("POST", "/licences/" + encodeURIComponent(page.id()) + "/scans");
      request.responseType = "json";
      request.upload.addEventListener("progress", function (event) {
        if (event.lengthComputable) shown.move(event.loaded / event.total);
      });
      request.addEventListener("error", failed);
      request.addEventListener("abort", failed);
      request.addEventListener("load", function () {
        var answer = request.response;
        if (request.status !== 200 || !answer) {
          if (!answer || !answer.sentence) return failed();
          complain(file.name + ": " + answer.sentence);
          return done();
        }
        page.scanned(answer.version);
        form.querySelector("[data-of-scans]").innerHTML = answer.html;
        document.querySelector("[data-of-shown]").innerHTML = answer.shown;
        document.querySelector("[data-of-beside]").classList.remove("of-desk--alone");
        document.dispatchEvent(new Event("openflegt:scans"));
        say.hidden = false;
        say.textContent = words.ofDone.replace("{name}", file.name);
        page.check();
        done();
      });
      request.send(data);
    });
  }

  say.setAttribute("role", "status");
  box.addEventListener("change", function () {
    var files = Array.from(box.files);
    complain("");
    page.hold(files.reduce(function (before, file) {
      return before.then(function () { return wrong(file); }).then(function (sentence) {
        if (sentence) complain(file.name + ": " + sentence); else return upload(file);
      });
    }, Promise.resolve()).then(function () { box.value = ""; }));
  });
})();
