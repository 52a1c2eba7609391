package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// keyFile is the file of the key in the data folder, when Options name no other.
const keyFile = "secret.key"

// keySize is the size of the key in bytes: AES-256.
const keySize = 32

// sealBegins names the way in which a secret is sealed, should there be another one day.
const sealBegins = "a1:"

// ErrSealed says that a secret cannot be read: the key is another than the one with which it
// was sealed, or is not there.
var ErrSealed = errors.New("a secret cannot be read with the key of this machine")

// Seal encrypts a secret that must be read again, for whom it belongs to: AES-256-GCM (NIST SP
// 800-38D) with a random nonce. The key lies in a file of its own beside the database and in no
// backup (docs/decisions/0012); it is made when it is first needed.
func (db *DB) Seal(owner string, secret []byte) (string, error) {
	seal, err := db.sealer(true)
	if err != nil {
		return "", err
	}
	return sealBegins + base64.StdEncoding.EncodeToString(seal.Seal(nil, nil, secret, []byte(owner))), nil
}

// Unseal gives the secret that was sealed for an owner; ErrSealed when it cannot be read.
func (db *DB) Unseal(owner, sealed string) ([]byte, error) {
	text, known := strings.CutPrefix(sealed, sealBegins)
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || !known {
		return nil, ErrSealed
	}
	seal, err := db.sealer(false)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrSealed
	}
	if err != nil {
		return nil, err
	}
	secret, err := seal.Open(nil, nil, raw, []byte(owner))
	if err != nil {
		return nil, ErrSealed
	}
	return secret, nil
}

// sealer reads the key and keeps it.
func (db *DB) sealer(make bool) (cipher.AEAD, error) {
	db.sealing.Lock()
	defer db.sealing.Unlock()
	if db.seal != nil {
		return db.seal, nil
	}
	key, err := readKey(db.keyPath())
	if errors.Is(err, fs.ErrNotExist) && make {
		key, err = makeKey(db.keyPath())
	}
	if err != nil {
		return nil, fmt.Errorf("key of secrets: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	db.seal, err = cipher.NewGCMWithRandomNonce(block)
	return db.seal, err
}

func (db *DB) keyPath() string {
	if db.key != "" {
		return db.key
	}
	return filepath.Join(db.dir, keyFile)
}

// readKey reads a key: 32 bytes in base64, as "openssl rand -base64 32" writes them.
func readKey(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keySize {
		return nil, fmt.Errorf("%s must hold %d bytes in base64", path, keySize)
	}
	return key, nil
}

// makeKey writes a new key, whole or not at all, and gives the one that is there then: another
// process may have been quicker.
func makeKey(path string) ([]byte, error) {
	key := make([]byte, keySize)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "new-key-*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return nil, err
	}
	return readKey(path)
}
