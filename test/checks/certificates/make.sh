#!/bin/sh
# Makes the certificates of the tests beside it, with OpenSSL 3. Nothing trusts them, and their keys are
# no secret. They are committed, so that tests need no openssl; all but the expired one end in 2126.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/index.txt"
cat >"$work/ca.cnf" <<EOF
[ca]
default_ca = own
[own]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
copy_extensions = none
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[right]
subjectAltName = DNS:www.example.com, IP:127.0.0.1, IP:::1
[wrong]
subjectAltName = DNS:other.example.net
[client]
extendedKeyUsage = clientAuth
EOF
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null; }
sign() { # name, section, common name, begin, end, more
  name=$1 section=$2 subject=$3 begin=$4 end=$5
  shift 5
  key "$name"
  openssl req -new -config "$work/ca.cnf" -key "$name.key" -subj "/CN=$subject" -out "$work/$name.csr"
  openssl ca -batch -config "$work/ca.cnf" -in "$work/$name.csr" -out "$name.pem" -notext \
    -startdate "$begin" -enddate "$end" -extensions "$section" "$@" 2>/dev/null
}
key ca
openssl req -x509 -new -config "$work/ca.cnf" -extensions root -key ca.key -subj '/CN=Test CA' -days 36500 -out ca.pem
by_ca="-cert ca.pem -keyfile ca.key"
# shellcheck disable=SC2086 # several words
{
  sign right right www.example.com 20260101000000Z 21260101000000Z $by_ca
  sign wrong wrong other.example.net 20260101000000Z 21260101000000Z $by_ca
  sign expired right www.example.com 20190101000000Z 20201120120000Z $by_ca
  sign future right www.example.com 21250101000000Z 21260101000000Z $by_ca
  sign client client 'a client' 20260101000000Z 21260101000000Z $by_ca
}
rm ca.key
