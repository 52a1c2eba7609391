//go:build !linux

package e2e

import "testing"

func calm(b *testing.B) { b.Helper() }
