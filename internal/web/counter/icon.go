package counter

// The icons, as SVG. A hand on the page finds them by the word beside them: none is read out.
const (
	iconSuccess    literal = `<svg class="ecl-icon ecl-icon--l ecl-notification__icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm4.3 4.3L10.5 14l-2.8-2.8-1.4 1.4 4.2 4.3 7.2-7.2z"/></svg>`
	iconError      literal = `<svg class="ecl-icon ecl-icon--l ecl-notification__icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm-1 3v6h2V7zm0 8v2h2v-2z"/></svg>`
	iconWarning    literal = `<svg class="ecl-icon ecl-icon--l ecl-notification__icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M12 2L1 21h22zm0 4l7.5 13h-15zm-1 4v5h2v-5zm0 6v2h2v-2z"/></svg>`
	iconInfo       literal = `<svg class="ecl-icon ecl-icon--l ecl-notification__icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm-1 3v2h2V7zm0 4v6h2v-6z"/></svg>`
	iconSmallError literal = `<svg class="ecl-icon ecl-icon--s ecl-feedback-message__icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1 5h2v6h-2zm0 8h2v2h-2z"/></svg>`
	iconCheck      literal = `<svg class="ecl-icon ecl-icon--xs ecl-checkbox__icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M9.5 19L3 12.500l2.300-2.300 4.200 4.200L18.700 5 21 7.300z"/></svg>`
	iconDown       literal = `<svg class="ecl-icon ecl-icon--xs" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M12 16.500L3.500 8l1.400-1.400 7.100 7.100 7.100-7.100L20.500 8z"/></svg>`
	iconFile       literal = `<svg class="ecl-icon ecl-icon--l" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M5 2h9l5 5v15H5zm2 2v16h10V8h-4V4zm2 8h6v1.500H9zm0 3.500h6V17H9z"/></svg>`
	iconPrevious   literal = `<svg class="ecl-icon ecl-icon--xs" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M15.5 3.5L17 5l-7 7 7 7-1.500 1.500L7 12z"/></svg>`
	iconNext       literal = `<svg class="ecl-icon ecl-icon--xs" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M8.500 3.500L7 5l7 7-7 7 1.500 1.500L17 12z"/></svg>`
	iconSmaller    literal = `<svg class="ecl-icon ecl-icon--xs" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M4 11h16v2H4z"/></svg>`
	iconLarger     literal = `<svg class="ecl-icon ecl-icon--xs" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M11 4h2v7h7v2h-7v7h-2v-7H4v-2h7z"/></svg>`
	iconFit        literal = `<svg class="ecl-icon ecl-icon--xs" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M2 4h2v16H2zm18 0h2v16h-2zM9 8v3h6V8l4 4-4 4v-3H9v3l-4-4z"/></svg>`
	iconTurn       literal = `<svg class="ecl-icon ecl-icon--xs" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M12 4V1l5 4-5 4V6a6 6 0 1 0 6 6h2a8 8 0 1 1-8-8z"/></svg>`
)
