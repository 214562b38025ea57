
# The header by which S3 refuses what was garbled on the way; buckets with Object Lock ask for one.
digest_header() {
    hex=$(md5sum <"$archive" | cut -c 1-32)
    bytes=
    while [ -n "$hex" ]; do
        bytes="$bytes\\$(printf '%03o' "0x${hex%"${hex#??}"}")"
        hex=${hex#??}
    done
    # shellcheck disable=SC2059
    [ -z "$bytes" ] || printf 'Content-MD5: %s' "$(printf "$bytes" | base64)"
}

# Sends the archive and says what S3 answered: a status, 000 for no answer.
send_with_curl() {
    {
        printf 'url = "%s"\n' "$url"
        printf '%s\n' "$headers" | while read -r header; do [ -z "$header" ] || printf 'header = "%s"\n' "$header"; done
    } | curl --config - -sS --connect-timeout 15 --max-time "$1" -T "$archive" \
        -o "$work/answer" -w '%{http_code}' 2>"$work/problem"
}

send_with_wget() {
    set --
    while read -r header; do [ -z "$header" ] || set -- "$@" "--header=$header"; done <<HEADERS
$headers
HEADERS
    printf '%s\n' "$url" | wget -S -O "$work/answer" --method=PUT --body-file="$archive" --tries=1 \
        --timeout=60 --content-on-error "$@" -i - 2>&1 >/dev/null |
        while read -r protocol code rest; do
            case "$protocol" in HTTP/*) printf '%s' "$code" && break ;; esac
        done
}

# Tried again when nobody answered. 412 says that the object is there: from a try whose answer was lost.
send() {
    tries=0
    while :; do
        tries=$((tries + 1))
        left=$((upload_seconds - $(date +%s) + began))
        if [ "$left" -lt 5 ] || [ "$tries" -gt 3 ]; then
            return 1
        fi
        if command -v curl >/dev/null 2>&1; then
            code=$(send_with_curl "$left")
        else
            code=$(send_with_wget)
        fi
        case "${code:=000}" in
        200 | 412) return 0 ;;
        000 | 409 | 5??) sleep 2 ;;
        *) return 1 ;;
        esac
    done
}

# Of what S3 answers only the word: the rest of it repeats what was signed.
reason() {
    answer=$(head -c 4096 "$work/answer" 2>/dev/null | tr -d '\000')
    word=
    case "$answer" in
    *'<Code>'*)
        word=${answer#*<Code>}
        word=${word%%</Code>*}
        ;;
    esac
    problem=$(head -n 1 "$work/problem" 2>/dev/null | cut -c 1-200)
    printf 'status %s %s %s' "$code" "$word" "${problem%%\?*}"
}
