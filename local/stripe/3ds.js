// The 3-D Secure page inside the shop's frame: tells the browser library when the step is over.
if (document.querySelector('[data-over]') && window.parent !== window) {
  window.parent.postMessage({ stripe: '3ds-over' }, window.location.origin);
}
