// For browsers that know no modules, and so run none of the other scripts.
document.getElementById("wait").textContent =
  "This browser is too old for posecoach: update it, or use a current Firefox, Chrome, Edge or Safari.";
