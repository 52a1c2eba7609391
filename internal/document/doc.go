// Package document makes PDF of words: the letter of decision on a licence, and the extract
// of the register with the boxes of the paper form. It asks nobody for anything and may show
// whatever it is given: who may see it is decided before.
//
// The same words give the same bytes: dates come from what is written about, never from the
// clock. Every page is A4 (ISO 216), and its typeface, DejaVu, is embedded with the characters
// that are used, so that it looks the same everywhere and can be searched.
package document
