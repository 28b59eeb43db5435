/* Fast paths of the ledger's captures and bulk load: see docs/adr/0009-native-fast-paths.md.
 *
 * Each function here does what one Python function does, for ordinary events only. Of anything else it says None
 * ("odd"), and the Python function, which stays the definition, does the work. So nothing here needs to be complete; it
 * only needs to be right where it answers.
 *
 * Rules of this file
 * - It works on objects that a JSON decoder has made: exact dict, list, str, int, float. Subclasses are odd.
 * - It runs no Python code: keys are exact str, caches are plain dicts that are only read. So nothing changes while we
 *   look, the GIL is never given away, and borrowed references stay good for the time of one call.
 * - Helpers return DONE, ODD or FAILED (an exception is set). Recursion ends at DEEPEST, lengths come from the objects.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <datetime.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>
#include <immintrin.h>
#define HAS_SHA_CODE 1
#else
#define HAS_SHA_CODE 0
#endif

#ifndef SOURCE
#define SOURCE ""
#endif

enum { FAILED = -1, ODD = 0, DONE = 1 };
enum { DEEPEST = 32, MOST_EXTRAS = 64, MOST_MARKS = 64, MOST_PREFIXES = 16, MOST_THINGS = 128, LONGEST_URI = 200 };
#define EPOCH_2000 946684800000000LL /* microseconds from 1970 to 2000, where PostgreSQL begins to count */
#define EXACT 9007199254740992LL /* 2**53: integers that a double holds */
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        int outcome_ = (call);                                                                                         \
        if (outcome_ != DONE) return outcome_;                                                                         \
    } while (0)

/* What a function gives back at its end, after it has let go of what it holds. */
static PyObject *answer(int outcome, PyObject *result)
{
    if (outcome == DONE) return result;
    Py_XDECREF(result);
    if (outcome == FAILED) return NULL;
    Py_RETURN_NONE;
}

/* ---------------------------------------------------------------------------------------------------- texts */

typedef struct {
    const char *s;
    Py_ssize_t n;
} Text;

/* Give the characters of an exact ASCII str; they live as long as the object. */
static int ascii(PyObject *object, Text *text)
{
    if (object == NULL || !PyUnicode_CheckExact(object) || !PyUnicode_IS_COMPACT_ASCII(object)) return 0;
    text->s = (const char *)PyUnicode_1BYTE_DATA(object);
    text->n = PyUnicode_GET_LENGTH(object);
    return 1;
}

static int same(Text text, const char *other)
{
    size_t n = strlen(other);
    return (size_t)text.n == n && memcmp(text.s, other, n) == 0;
}

static int begins(Text text, const char *start)
{
    size_t n = strlen(start);
    return (size_t)text.n >= n && memcmp(text.s, start, n) == 0;
}

static Text behind(Text text, Py_ssize_t n)
{
    Text rest = {text.s + n, text.n - n};
    return rest;
}

static int has(Text text, char sign) { return text.n > 0 && memchr(text.s, sign, (size_t)text.n) != NULL; }
static int is_digit(char c) { return c >= '0' && c <= '9'; }
static int is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static int is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f); }

static int all_digits(Text text)
{
    for (Py_ssize_t i = 0; i < text.n; i++)
        if (!is_digit(text.s[i])) return 0;
    return text.n > 0;
}

/* Tell whether a serial number stands in a canonical path as it is (canonical._SAFE). */
static int is_safe(Text text)
{
    for (Py_ssize_t i = 0; i < text.n; i++)
        if (!is_alnum(text.s[i]) && text.s[i] != '-' && text.s[i] != '.' && text.s[i] != '_') return 0;
    return text.n > 0;
}

/* Tell whether a text begins as URIs do that the standard form leaves alone (json_event._URIS). */
static int is_uri(Text text) { return begins(text, "urn:") || begins(text, "http"); }

/* Look up the first n characters of an ASCII text in a dict; NULL without exception where they are not there. */
static PyObject *looked_up(PyObject *dict, const char *s, Py_ssize_t n)
{
    PyObject *key = PyUnicode_New(n, 127), *found;
    if (key == NULL) return NULL;
    if (n > 0) memcpy(PyUnicode_1BYTE_DATA(key), s, (size_t)n);
    found = PyDict_GetItemWithError(dict, key);
    Py_DECREF(key);
    return found;
}

/* Give the bytes of a value: those of bytes, of a text as UTF-8. */
static int bytes_of(PyObject *value, Text *bytes)
{
    if (PyBytes_CheckExact(value)) {
        *bytes = (Text){PyBytes_AS_STRING(value), PyBytes_GET_SIZE(value)};
        return DONE;
    }
    if (ascii(value, bytes)) return DONE;
    if (!PyUnicode_CheckExact(value)) return ODD;
    bytes->s = PyUnicode_AsUTF8AndSize(value, &bytes->n); /* kept by the text itself */
    if (bytes->s != NULL) return DONE;
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) return FAILED;
    PyErr_Clear();
    return ODD;
}

/* ---------------------------------------------------------------------------------------------------- buffers */

typedef struct {
    char *data;
    Py_ssize_t len, cap;
    char own[3072];
} Buf;

static void buf_open(Buf *buf)
{
    buf->data = buf->own;
    buf->len = 0;
    buf->cap = sizeof buf->own;
}

static void buf_close(Buf *buf)
{
    if (buf->data != buf->own) PyMem_Free(buf->data);
}

static int buf_room(Buf *buf, Py_ssize_t more)
{
    Py_ssize_t cap = buf->cap;
    char *data;
    if (more <= cap - buf->len) return DONE;
    if (more > PY_SSIZE_T_MAX / 4 || cap > PY_SSIZE_T_MAX / 4) {
        PyErr_NoMemory();
        return FAILED;
    }
    while (cap - buf->len < more) cap *= 2;
    data = buf->data == buf->own ? PyMem_Malloc((size_t)cap) : PyMem_Realloc(buf->data, (size_t)cap);
    if (data == NULL) {
        PyErr_NoMemory();
        return FAILED;
    }
    if (buf->data == buf->own) memcpy(data, buf->own, (size_t)buf->len);
    buf->data = data;
    buf->cap = cap;
    return DONE;
}

static int add(Buf *buf, Text text)
{
    TRY(buf_room(buf, text.n));
    if (text.n > 0) memcpy(buf->data + buf->len, text.s, (size_t)text.n);
    buf->len += text.n;
    return DONE;
}

static int add_chars(Buf *buf, const char *chars)
{
    Text text = {chars, (Py_ssize_t)strlen(chars)};
    return add(buf, text);
}

/* Add any exact str as UTF-8, whose order of bytes is that of Python's texts; half a character pair is odd. */
static int add_str(Buf *buf, PyObject *object)
{
    Text text;
    if (!PyUnicode_CheckExact(object)) return ODD;
    TRY(bytes_of(object, &text));
    return add(buf, text);
}

/* ---------------------------------------------------------------------------------------------------- SHA-256 */
/* FIPS 180-4, for short texts: there OpenSSL through its objects costs more than the hash itself. */

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#define ROTR(x, n) (((x) >> (n)) | ((x) << (32 - (n))))

static void sha_block(uint32_t h[8], const unsigned char *p)
{
    uint32_t w[64], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
    for (int i = 0; i < 16; i++, p += 4)
        w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
    for (int i = 16; i < 64; i++) {
        uint32_t s0 = ROTR(w[i - 15], 7) ^ ROTR(w[i - 15], 18) ^ (w[i - 15] >> 3);
        uint32_t s1 = ROTR(w[i - 2], 17) ^ ROTR(w[i - 2], 19) ^ (w[i - 2] >> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    for (int i = 0; i < 64; i++) {
        uint32_t t1 = k + (ROTR(e, 6) ^ ROTR(e, 11) ^ ROTR(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i];
        uint32_t t2 = (ROTR(a, 2) ^ ROTR(a, 13) ^ ROTR(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        k = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e, h[5] += f, h[6] += g, h[7] += k;
}

static void sha_plain(uint32_t h[8], const unsigned char *p, Py_ssize_t blocks)
{
    for (; blocks > 0; blocks--, p += 64) sha_block(h, p);
}

#if HAS_SHA_CODE
/* The same with the instructions that processors have for it since 2016: four times as fast. */
__attribute__((target("sha,sse4.1"))) static void sha_quick(uint32_t h[8], const unsigned char *p, Py_ssize_t blocks)
{
    const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)h), 0xb1);
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(h + 4)), 0x1b);
    __m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xf0);
    for (; blocks > 0; blocks--, p += 64) {
        __m128i w[4], first = abef, second = cdgh;
        for (int i = 0; i < 4; i++)
            w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(p + 16 * i)), order);
#pragma GCC unroll 16
        for (int i = 0; i < 16; i++) { /* four rounds each */
            __m128i words = w[i & 3];
            if (i > 3) {
                words = _mm_sha256msg1_epu32(words, w[(i + 1) & 3]);
                words = _mm_add_epi32(words, _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
                words = w[i & 3] = _mm_sha256msg2_epu32(words, w[(i + 3) & 3]);
            }
            words = _mm_add_epi32(words, _mm_loadu_si128((const __m128i *)(K + 4 * i)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, 0x0e));
        }
        abef = _mm_add_epi32(abef, first);
        cdgh = _mm_add_epi32(cdgh, second);
    }
    low = _mm_shuffle_epi32(abef, 0x1b);
    high = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)h, _mm_blend_epi16(low, high, 0xf0));
    _mm_storeu_si128((__m128i *)(h + 4), _mm_alignr_epi8(high, low, 8));
}

/* Tell whether this processor has them: SSE4.1, and bit 29 of EBX of leaf 7. */
static int has_sha(void)
{
    unsigned int a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 19))) return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29));
}
#endif

static void (*sha_blocks)(uint32_t[8], const unsigned char *, Py_ssize_t) = sha_plain;

static void sha256(const char *data, Py_ssize_t n, unsigned char out[32])
{
    uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    unsigned char last[128] = {0};
    Py_ssize_t rest = n % 64, whole = n - rest, end = rest < 56 ? 64 : 128;
    uint64_t bits = (uint64_t)n * 8;
    sha_blocks(h, (const unsigned char *)data, whole / 64);
    if (rest > 0) memcpy(last, data + whole, (size_t)rest);
    last[rest] = 0x80;
    for (int i = 0; i < 8; i++) last[end - 1 - i] = (unsigned char)(bits >> (8 * i));
    sha_blocks(h, last, end / 64);
    for (int i = 0; i < 32; i++) out[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}

/* The 63-bit key of a text (items.item_key): first 8 bytes of its SHA-256, shifted right by one. */
static long long key_of(const char *data, Py_ssize_t n)
{
    unsigned char digest[32];
    uint64_t key = 0;
    sha256(data, n, digest);
    for (int i = 0; i < 8; i++) key = key << 8 | digest[i];
    return (long long)(key >> 1);
}

/* ---------------------------------------------------------------------------------------------------- events */

enum Field {
    CONTEXT, ID, TYPE, EVENT_ID, RECORD_TIME, DECLARATION, EVENT_TIME, OFFSET, CERTIFICATION, PARENT, EPCS, INPUTS,
    CHILDREN, QUANTITIES, CHILD_QUANTITIES, INPUT_QUANTITIES, OUTPUTS, OUTPUT_QUANTITIES, ACTION, TRANSFORMATION, STEP,
    DISPOSITION, PERSISTENT, READ_POINT, LOCATION, SENSORS, TRANSACTIONS, DESTINATIONS, ILMD, SOURCES, FIELDS
};
static const char *const FIELD_NAMES[FIELDS] = {
    "@context", "id", "type", "eventID", "recordTime", "errorDeclaration", "eventTime", "eventTimeZoneOffset",
    "certificationInfo", "parentID", "epcList", "inputEPCList", "childEPCs", "quantityList", "childQuantityList",
    "inputQuantityList", "outputEPCList", "outputQuantityList", "action", "transformationID", "bizStep", "disposition",
    "persistentDisposition", "readPoint", "bizLocation", "sensorElementList", "bizTransactionList", "destinationList",
    "ilmd", "sourceList"};

static PyObject *field_numbers; /* name -> Field, and the names of inner fields: made when the module is loaded */
static PyObject *s_id, *s_type, *s_context, *s_text, *s_epc_class, *s_quantity, *s_uom, *s_transaction, *s_source,
    *s_destination;

typedef struct {
    PyObject *of[FIELDS]; /* borrowed; NULL where the event does not have the field */
    int extras;
    PyObject *name[MOST_EXTRAS], *value[MOST_EXTRAS];
} Event;

static int read_event(PyObject *object, Event *event)
{
    PyObject *name, *value, *number;
    Py_ssize_t at = 0;
    if (!PyDict_CheckExact(object)) return ODD;
    memset(event->of, 0, sizeof event->of);
    event->extras = 0;
    while (PyDict_Next(object, &at, &name, &value)) {
        if (!PyUnicode_CheckExact(name)) return ODD;
        if ((number = PyDict_GetItemWithError(field_numbers, name)) != NULL) {
            event->of[PyLong_AsLong(number)] = value;
        } else {
            if (PyErr_Occurred()) return FAILED;
            if (event->extras == MOST_EXTRAS) return ODD;
            event->name[event->extras] = name;
            event->value[event->extras++] = value;
        }
    }
    return DONE;
}

/* Give the text of `id` where an object says nothing else: a place. */
static int place_id(PyObject *place, PyObject **id)
{
    if (!PyDict_CheckExact(place) || PyDict_GET_SIZE(place) != 1) return ODD;
    *id = PyDict_GetItemWithError(place, s_id);
    if (*id == NULL) return PyErr_Occurred() ? FAILED : ODD;
    return DONE;
}

/* Give type and value of a business transaction, source or destination; the type may be NULL where it may lack. */
static int typed(PyObject *one, PyObject *name, int may_lack, PyObject **type, PyObject **value)
{
    if (!PyDict_CheckExact(one)) return ODD;
    *value = PyDict_GetItemWithError(one, name);
    if (*value == NULL) return PyErr_Occurred() ? FAILED : ODD;
    *type = PyDict_GetItemWithError(one, s_type);
    if (*type == NULL && PyErr_Occurred()) return FAILED;
    if (PyDict_GET_SIZE(one) != (*type ? 2 : 1) || (*type == NULL && !may_lack)) return ODD;
    return DONE;
}

/* Give the fields of a quantity: there are no others, and the class is there. */
static int quantity_of(PyObject *one, PyObject **epc_class, PyObject **quantity, PyObject **uom)
{
    if (!PyDict_CheckExact(one)) return ODD;
    if ((*epc_class = PyDict_GetItemWithError(one, s_epc_class)) == NULL) return PyErr_Occurred() ? FAILED : ODD;
    if ((*quantity = PyDict_GetItemWithError(one, s_quantity)) == NULL && PyErr_Occurred()) return FAILED;
    if ((*uom = PyDict_GetItemWithError(one, s_uom)) == NULL && PyErr_Occurred()) return FAILED;
    return PyDict_GET_SIZE(one) == 1 + (*quantity != NULL) + (*uom != NULL) ? DONE : ODD;
}

/* ---------------------------------------------------------------------------------------------------- times */

/* Read n digits; -1 where there are none. */
static int number_at(const char *s, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (!is_digit(s[i])) return -1;
        value = value * 10 + (s[i] - '0');
    }
    return value;
}

/* Days from 1970-01-01 of a day of the Gregorian calendar, and back (years count from March). */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year, era = y / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void day_of(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468, era = z / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

/* Give an RFC 3339 time of the usual forms in microseconds since 1970: no fraction, or 3 or 6 digits of it. */
static int moment(Text text, int64_t *micros)
{
    static const int LENGTHS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *s = text.s;
    int fraction = 0, year, month, day, hour, minute, second, most, offset = 0;
    Text zone;
    if (text.n < 20 || text.n > 32) return 0;
    if (s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':') return 0;
    year = number_at(s, 4), month = number_at(s + 5, 2), day = number_at(s + 8, 2);
    hour = number_at(s + 11, 2), minute = number_at(s + 14, 2), second = number_at(s + 17, 2);
    if (year < 1970 || year > 9000 || month < 1 || month > 12 || day < 1) return 0;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return 0;
    most = LENGTHS[month - 1] + (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    if (day > most) return 0;
    zone = behind(text, 19);
    if (zone.s[0] == '.') {
        Py_ssize_t digits = 0;
        while (1 + digits < zone.n && is_digit(zone.s[1 + digits])) digits++;
        if (digits != 3 && digits != 6) return 0;
        fraction = number_at(zone.s + 1, (int)digits) * (digits == 3 ? 1000 : 1);
        zone = behind(zone, 1 + digits);
    }
    if (zone.n == 6 && (zone.s[0] == '+' || zone.s[0] == '-') && zone.s[3] == ':') {
        int hours = number_at(zone.s + 1, 2), minutes = number_at(zone.s + 4, 2);
        if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return 0;
        offset = (hours * 60 + minutes) * (zone.s[0] == '-' ? -1 : 1);
    } else if (zone.n != 1 || zone.s[0] != 'Z') {
        return 0;
    }
    *micros = ((days_of(year, month, day) * 1440 + hour * 60 + minute - offset) * 60 + second) * 1000000 + fraction;
    return 1;
}

/* Add a time as the event hash writes it (values.moment): UTC with milliseconds. */
static int add_moment(Buf *out, PyObject *object)
{
    char minute[64];
    int64_t micros, minutes;
    int year, month, day;
    Py_ssize_t zone;
    Text text;
    if (!ascii(object, &text) || text.n < 20 || is_space(text.s[0]) || is_space(text.s[text.n - 1])) return ODD;
    if (text.s[text.n - 1] == 'Z' && text.s[10] == 'T') {
        if (text.n == 24 && text.s[19] == '.') return add(out, text);
        if (text.n != 20) return ODD;
        text.n = 19;
        TRY(add(out, text));
        return add_chars(out, ".000Z");
    }
    zone = text.n == 29 && text.s[19] == '.' ? 23 : text.n == 25 ? 19 : 0;
    if (zone == 0 || (text.s[zone] != '+' && text.s[zone] != '-') || !moment(text, &micros)) return ODD;
    minutes = micros / 60000000;
    if (micros < 0) return ODD;
    day_of(minutes / 1440, &year, &month, &day);
    PyOS_snprintf(minute, sizeof minute, "%04d-%02d-%02dT%02d:%02d", year, month, day, (int)(minutes % 1440 / 60),
                  (int)(minutes % 60));
    TRY(add_chars(out, minute));
    text = (Text){text.s + 16, zone - 16};
    TRY(add(out, text));
    return add_chars(out, zone == 19 ? ".000Z" : "Z");
}

/* ---------------------------------------------------------------------------------------------------- identifiers */

#define HOST "https://id.gs1.org/"

/* Split `prefix.rest` of a URN: company prefixes have 6 to 12 digits. */
static int company(Text body, Text *prefix, Text *rest)
{
    const char *dot = body.n > 0 ? memchr(body.s, '.', (size_t)body.n) : NULL;
    if (dot == NULL) return 0;
    *prefix = (Text){body.s, dot - body.s};
    *rest = behind(body, prefix->n + 1);
    return prefix->n >= 6 && prefix->n <= 12 && all_digits(*prefix);
}

/* Add the check digit of GS1 keys for the digits that stand from `from` on: weights 3, 1, 3, ... from the right. */
static int add_check_digit(Buf *out, Py_ssize_t from)
{
    int sum = 0, weight = 3;
    Text digit = {NULL, 1};
    for (Py_ssize_t i = out->len - 1; i >= from; i--, weight = 4 - weight) sum += weight * (out->data[i] - '0');
    digit.s = &"0123456789"[(10 - sum % 10) % 10];
    return add(out, digit);
}

/* Add the GLN that company prefix and reference are, 12 digits together, behind `/414/` or `/417/`. */
static int add_gln(Buf *out, Text body, const char *start)
{
    Text prefix, reference;
    Py_ssize_t from;
    if (!company(body, &prefix, &reference) || prefix.n + reference.n != 12) return ODD;
    if (reference.n > 0 && !all_digits(reference)) return ODD;
    TRY(add_chars(out, start));
    from = out->len;
    TRY(add(out, prefix));
    TRY(add(out, reference));
    return add_check_digit(out, from);
}

/* Add the URI of a serial number whose beginning is known (canonical._headed); Python learns what is not. */
static int add_headed(Buf *out, Text text, Py_ssize_t head, PyObject *heads)
{
    PyObject *found;
    Text start, serial;
    if (text.n <= head || text.s[head - 1] != '.') return ODD;
    serial = behind(text, head);
    if (serial.n > 20 || !is_safe(serial)) return ODD;
    found = looked_up(heads, text.s, head);
    if (found == NULL && PyErr_Occurred()) return FAILED;
    if (!ascii(found, &start) || start.n == 0) return ODD;
    TRY(add(out, start));
    return add(out, serial);
}

static int add_sscc(Buf *out, Text body)
{
    Text prefix, serial;
    Py_ssize_t from;
    if (!company(body, &prefix, &serial) || prefix.n + serial.n != 17 || !all_digits(serial)) return ODD;
    TRY(add_chars(out, HOST "00/"));
    from = out->len;
    TRY(add(out, (Text){serial.s, 1}));
    TRY(add(out, prefix));
    TRY(add(out, behind(serial, 1)));
    return add_check_digit(out, from);
}

static int add_giai(Buf *out, Text body)
{
    Text prefix, reference;
    if (!company(body, &prefix, &reference) || !is_safe(reference) || prefix.n + reference.n > 30) return ODD;
    TRY(add_chars(out, HOST "8004/"));
    TRY(add(out, prefix));
    return add(out, reference);
}

/* Tell whether a Digital Link on id.gs1.org is canonical as it stands (canonical._link): GTIN with serial or lot, keys. */
static int is_link(Text path)
{
    if (begins(path, "01/") && path.n > 21) {
        Text between = {path.s + 17, 4};
        return all_digits((Text){path.s + 3, 14}) && (same(between, "/21/") || same(between, "/10/")) &&
               path.n <= 41 && is_safe(behind(path, 21));
    }
    if (begins(path, "414/") || begins(path, "417/")) return path.n == 17 && all_digits(behind(path, 4));
    return begins(path, "00/") && path.n == 21 && all_digits(behind(path, 3));
}

/* Tell whether a text, whatever its case, begins as what `identifiers.scan` looks at: it is then Python's. */
static int may_be_gs1(Text text)
{
    char low[9] = {0};
    for (int i = 0; i < 8 && i < text.n; i++)
        low[i] = text.s[i] >= 'A' && text.s[i] <= 'Z' ? (char)(text.s[i] + 32) : text.s[i];
    return !strcmp(low, "urn:epc:") || !strncmp(low, "http://", 7) || !strncmp(low, "https:/", 7);
}

/* Add the canonical URI of an EPC, class, place or party (canonical.canonical_uri); of a foreign URI itself. */
static int add_uri(Buf *out, Text text, PyObject *heads)
{
    if (text.n > LONGEST_URI || (text.n > 0 && (is_space(text.s[0]) || is_space(text.s[text.n - 1])))) return ODD;
    if (begins(text, "urn:epc:id:")) {
        Text name = behind(text, 11);
        if (begins(name, "sgtin:")) return add_headed(out, text, 32, heads);
        if (begins(name, "giai:")) return add_giai(out, behind(name, 5));
        if (begins(name, "grai:")) return text.n <= 46 ? add_headed(out, text, 30, heads) : ODD;
        if (begins(name, "sscc:")) return add_sscc(out, behind(name, 5));
        if (begins(name, "pgln:")) return add_gln(out, behind(name, 5), HOST "417/");
        if (!begins(name, "sgln:")) return ODD;
        if (text.n == 31 && text.s[29] == '.' && text.s[30] == '0')
            return add_gln(out, (Text){name.s + 5, 13}, HOST "414/");
        return add_headed(out, text, 30, heads);
    }
    if (begins(text, "urn:epc:class:lgtin:")) return add_headed(out, text, 35, heads);
    if (begins(text, HOST)) return is_link(behind(text, 19)) ? add(out, text) : ODD;
    return may_be_gs1(text) ? ODD : add(out, text);
}

/* ---------------------------------------------------------------------------------------------------- event hash */

typedef struct {
    Py_ssize_t at, len;
} Span;

/* What is written, and the lines of it that are still to be brought into order. */
typedef struct {
    Buf out, aside;
    Span *spans;
    Py_ssize_t count, cap;
    Span own[128];
    PyObject *names, *heads, *pieces; /* HashNames; canonical._heads; what is written for words, by Piece */
} Writer;

enum Piece { STEP_PIECE, DISPOSITION_PIECE, TRANSACTION_PIECE, SOURCE_PIECE, DESTINATION_PIECE, PIECES };

static void writer_open(Writer *w)
{
    buf_open(&w->out);
    buf_open(&w->aside);
    w->spans = w->own;
    w->count = 0;
    w->cap = sizeof w->own / sizeof w->own[0];
}

static void writer_close(Writer *w)
{
    buf_close(&w->out);
    buf_close(&w->aside);
    if (w->spans != w->own) PyMem_Free(w->spans);
}

/* Say that what was written since `at` is one line. */
static int end_line(Writer *w, Py_ssize_t at)
{
    if (w->count == w->cap) {
        size_t bytes = (size_t)w->cap * 2 * sizeof(Span);
        Span *spans = w->spans == w->own ? PyMem_Malloc(bytes) : PyMem_Realloc(w->spans, bytes);
        if (spans == NULL) {
            PyErr_NoMemory();
            return FAILED;
        }
        if (w->spans == w->own) memcpy(spans, w->own, sizeof w->own);
        w->spans = spans;
        w->cap *= 2;
    }
    w->spans[w->count++] = (Span){at, w->out.len - at};
    return DONE;
}

static int is_less(const char *data, Span a, Span b)
{
    int order = memcmp(data + a.at, data + b.at, (size_t)(a.len < b.len ? a.len : b.len));
    return order != 0 ? order < 0 : a.len < b.len;
}

/* Sort the lines from number `first` on, which are all that was written since `from`; they are lines no more. */
static int sort_lines(Writer *w, Py_ssize_t first, Py_ssize_t from)
{
    static const Py_ssize_t GAPS[] = {88573, 29524, 9841, 3280, 1093, 364, 121, 40, 13, 4, 1};
    Span *spans = w->spans + first;
    Py_ssize_t count = w->count - first;
    for (size_t g = 0; g < sizeof GAPS / sizeof GAPS[0]; g++)
        for (Py_ssize_t i = GAPS[g]; i < count; i++) {
            Span one = spans[i];
            Py_ssize_t j = i;
            for (; j >= GAPS[g] && is_less(w->out.data, one, spans[j - GAPS[g]]); j -= GAPS[g])
                spans[j] = spans[j - GAPS[g]];
            spans[j] = one;
        }
    if (count > 1) {
        w->aside.len = 0;
        for (Py_ssize_t i = 0; i < count; i++)
            TRY(add(&w->aside, (Text){w->out.data + spans[i].at, spans[i].len}));
        memcpy(w->out.data + from, w->aside.data, (size_t)w->aside.len);
    }
    w->count = first;
    return DONE;
}

/* Add a double as the event hash writes numbers (values._double); what is not finite is `otherwise`. */
static int add_double(Buf *out, double value, Text otherwise)
{
    char digits[32], *text;
    int outcome;
    if (!isfinite(value)) return add(out, otherwise);
    if (value == floor(value)) {
        if (fabs(value) >= 1e17) return ODD;
        PyOS_snprintf(digits, sizeof digits, "%lld", (long long)value);
        return add_chars(out, digits);
    }
    text = PyOS_double_to_string(value, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    if (text == NULL) return FAILED;
    outcome = add_chars(out, text);
    PyMem_Free(text);
    return outcome;
}

/* Add a text that begins like a number (values._numeral). Most are none: dates, offsets, codes. */
static int add_numeral(Buf *out, Text text)
{
    char copy[64], *end;
    double value;
    int digits = 0;
    if (!is_digit(text.s[0]) && text.n > 1 && strchr("iInN", text.s[1]) != NULL) return ODD; /* +inf, -nan */
    for (Py_ssize_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        if (!is_digit(c) && (c == '\0' || strchr("+-.eE", c) == NULL)) return add(out, text);
        digits |= is_digit(c);
    }
    if (!digits) return add(out, text);
    if (text.n >= (Py_ssize_t)sizeof copy) return ODD;
    memcpy(copy, text.s, (size_t)text.n);
    copy[text.n] = '\0';
    value = PyOS_string_to_double(copy, &end, NULL);
    if (value == -1.0 && PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_ValueError)) return FAILED;
        PyErr_Clear();
        return add(out, text);
    }
    return end == copy + text.n ? add_double(out, value, text) : add(out, text);
}

/* Add a text that is not ASCII: itself, unless it may have to be trimmed or may name something. */
static int add_wide(Buf *out, PyObject *object)
{
    static const char *const STARTS[] = {"urn:", "URN:", "http", "HTTP", "gs1:", "cbv:", "epcis:"};
    Py_ssize_t n = PyUnicode_GET_LENGTH(object);
    if (n == 0 || Py_UNICODE_ISSPACE(PyUnicode_READ_CHAR(object, 0)) ||
        Py_UNICODE_ISSPACE(PyUnicode_READ_CHAR(object, n - 1)))
        return ODD;
    for (size_t s = 0; s < sizeof STARTS / sizeof STARTS[0]; s++) {
        Py_ssize_t i = 0;
        while (STARTS[s][i] && i < n && PyUnicode_READ_CHAR(object, i) == (Py_UCS4)STARTS[s][i]) i++;
        if (!STARTS[s][i]) return ODD;
    }
    return add_str(out, object);
}

/* Add a text as the event hash writes it (values.fresh_text). */
static int add_text(Buf *out, PyObject *object, PyObject *heads)
{
    Text text;
    if (!PyUnicode_CheckExact(object)) return ODD;
    if (!ascii(object, &text)) return add_wide(out, object);
    while (text.n > 0 && is_space(text.s[0])) text = behind(text, 1);
    while (text.n > 0 && is_space(text.s[text.n - 1])) text.n--;
    if (text.n == 0) return DONE;
    if (is_digit(text.s[0]) || text.s[0] == '+' || text.s[0] == '-' || text.s[0] == '.') return add_numeral(out, text);
    if (!has(text, ':')) return add(out, text);
    if (is_uri(text) || begins(text, "URN:") || begins(text, "HTTP")) {
        if (!begins(behind(text, 4), "epcglobal:cbv:")) return add_uri(out, text, heads);
        text = behind(text, 18); /* words of the vocabulary are written as URIs; other names stay */
        if (begins(text, "bizstep:") || begins(text, "disp:") || begins(text, "btt:") || begins(text, "sdt:") ||
            begins(text, "er:"))
            return ODD;
        return add(out, (Text){text.s - 18, text.n + 18});
    }
    if (begins(text, "gs1:") || begins(text, "cbv:") || begins(text, "epcis:")) return ODD;
    return add(out, text);
}

/* Add any value that is neither list nor object (values.plain). */
static int add_plain(Buf *out, PyObject *value, PyObject *heads)
{
    char digits[32];
    if (PyUnicode_CheckExact(value)) return add_text(out, value, heads);
    if (value == Py_True || value == Py_False) return add_chars(out, value == Py_True ? "true" : "false");
    if (value == Py_None) return DONE;
    if (PyFloat_CheckExact(value)) {
        if (!isfinite(PyFloat_AS_DOUBLE(value))) return ODD;  /* no JSON has it; Python leaves such a field out */
        return add_double(out, PyFloat_AS_DOUBLE(value), (Text){"", 0});
    }
    if (PyLong_CheckExact(value)) {
        int overflow;
        long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
        if (overflow || number < -EXACT || number > EXACT) return ODD;
        PyOS_snprintf(digits, sizeof digits, "%lld", number);
        return add_chars(out, digits);
    }
    return ODD;
}

static int write_generic(Writer *w, PyObject *name, PyObject *value, int depth);

/* Write the fields of an object, sorted (hash_fields._lines); `ilmd` has only those with a prefix. */
static int write_fields(Writer *w, PyObject *object, int only_prefixed, int depth)
{
    PyObject *name, *value;
    Py_ssize_t at = 0, first = w->count, from = w->out.len;
    while (PyDict_Next(object, &at, &name, &value)) {
        if (!PyUnicode_CheckExact(name)) return ODD;
        if (only_prefixed) {
            Py_ssize_t colon = PyUnicode_FindChar(name, ':', 0, PyUnicode_GET_LENGTH(name), 1);
            if (colon == -2) return FAILED;
            if (colon == -1) continue;
        }
        TRY(write_generic(w, name, value, depth + 1));
    }
    return sort_lines(w, first, from);
}

/* Write a line for each value (hash_fields._contents). */
static int write_contents(Writer *w, PyObject *full, PyObject *value, int depth)
{
    Py_ssize_t at = w->out.len, mark;
    if (depth > DEEPEST) return ODD;
    if (PyList_CheckExact(value)) {
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(value); i++)
            TRY(write_contents(w, full, PyList_GET_ITEM(value, i), depth + 1));
        return DONE;
    }
    TRY(add_str(&w->out, full));
    if (PyDict_CheckExact(value)) {
        int texts = PyDict_Contains(value, s_text);
        if (texts != 0) return texts < 0 ? FAILED : ODD;
        TRY(write_fields(w, value, 0, depth));
    } else {
        TRY(add_chars(&w->out, "="));
        mark = w->out.len;
        TRY(add_plain(&w->out, value, w->heads));
        if (w->out.len == mark) w->out.len--;
    }
    return end_line(w, at);
}

/* Write an extension field (hash_fields.generic); the name "" is that of a comment. */
static int write_generic(Writer *w, PyObject *name, PyObject *value, int depth)
{
    PyObject *full = PyDict_GetItemWithError(w->names, name);
    if (full == NULL) return PyErr_Occurred() ? FAILED : ODD;
    if (!PyUnicode_CheckExact(full)) return ODD;
    return PyUnicode_GET_LENGTH(full) == 0 ? DONE : write_contents(w, full, value, depth);
}

/* Write `name=value`; nothing where the value is empty. */
static int write_text(Writer *w, const char *head, PyObject *value)
{
    Py_ssize_t at = w->out.len, mark;
    TRY(add_chars(&w->out, head));
    mark = w->out.len;
    if (!PyUnicode_CheckExact(value)) return ODD;
    TRY(add_text(&w->out, value, w->heads));
    if (w->out.len == mark) w->out.len = at;
    return DONE;
}

/* Write what is known to be written for a word of the vocabulary. */
static int write_piece(Writer *w, enum Piece piece, PyObject *word)
{
    PyObject *known;
    if (!PyUnicode_CheckExact(word)) return ODD;
    known = PyDict_GetItemWithError(PyTuple_GET_ITEM(w->pieces, piece), word);
    if (known == NULL) return PyErr_Occurred() ? FAILED : ODD;
    return add_str(&w->out, known);
}

static int write_epcs(Writer *w, const char *name, PyObject *epcs)
{
    Py_ssize_t first = w->count, from;
    if (!PyList_CheckExact(epcs)) return ODD;
    if (PyList_GET_SIZE(epcs) == 0) return DONE;
    TRY(add_chars(&w->out, name));
    from = w->out.len;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(epcs); i++) {
        Py_ssize_t at = w->out.len;
        Text text;
        if (!ascii(PyList_GET_ITEM(epcs, i), &text)) return ODD;
        TRY(add_chars(&w->out, "epc="));
        TRY(add_uri(&w->out, text, w->heads));
        TRY(end_line(w, at));
    }
    return sort_lines(w, first, from);
}

static int write_quantities(Writer *w, const char *name, PyObject *list)
{
    Py_ssize_t first = w->count, from;
    if (!PyList_CheckExact(list)) return ODD;
    if (PyList_GET_SIZE(list) == 0) return DONE;
    TRY(add_chars(&w->out, name));
    from = w->out.len;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        Py_ssize_t at = w->out.len;
        PyObject *epc_class, *quantity, *uom;
        TRY(quantity_of(PyList_GET_ITEM(list, i), &epc_class, &quantity, &uom));
        TRY(add_chars(&w->out, "quantityElement"));
        TRY(write_text(w, "epcClass=", epc_class));
        if (quantity != NULL) {
            if (!PyLong_CheckExact(quantity) && !PyFloat_CheckExact(quantity)) return ODD;
            TRY(add_chars(&w->out, "quantity="));
            TRY(add_plain(&w->out, quantity, w->heads));
        }
        if (uom != NULL) TRY(write_text(w, "uom=", uom));
        TRY(end_line(w, at));
    }
    return sort_lines(w, first, from);
}

/* Write a list of values with their types as one line of the end: transactions, sources, destinations. */
static int write_typed(Writer *w, const char *list_name, PyObject *list, PyObject *name, enum Piece piece)
{
    Py_ssize_t start = w->out.len, first = w->count, from;
    if (!PyList_CheckExact(list)) return ODD;
    if (PyList_GET_SIZE(list) == 0) return DONE;
    TRY(add_chars(&w->out, list_name));
    from = w->out.len;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        Py_ssize_t at = w->out.len;
        PyObject *type, *value;
        TRY(typed(PyList_GET_ITEM(list, i), name, 0, &type, &value));
        TRY(write_piece(w, piece, type));
        if (!PyUnicode_CheckExact(value)) return ODD;
        TRY(add_text(&w->out, value, w->heads));
        TRY(end_line(w, at));
    }
    TRY(sort_lines(w, first, from));
    return end_line(w, start);
}

static int write_place(Writer *w, const char *head, PyObject *place)
{
    PyObject *id;
    TRY(place_id(place, &id));
    return write_text(w, head, id);
}

/* Write the fields that stand in the order of the standard (hash_fields.ORDER). */
static int write_ordered(Writer *w, PyObject *const *of)
{
    if (of[EVENT_TIME]) {
        TRY(add_chars(&w->out, "eventTime="));
        TRY(add_moment(&w->out, of[EVENT_TIME]));
    }
    if (of[OFFSET]) TRY(write_text(w, "eventTimeZoneOffset=", of[OFFSET]));
    if (of[CERTIFICATION]) TRY(write_text(w, "certificationInfo=", of[CERTIFICATION]));
    if (of[PARENT]) TRY(write_text(w, "parentID=", of[PARENT]));
    if (of[EPCS]) TRY(write_epcs(w, "epcList", of[EPCS]));
    if (of[INPUTS]) TRY(write_epcs(w, "inputEPCList", of[INPUTS]));
    if (of[CHILDREN]) TRY(write_epcs(w, "childEPCs", of[CHILDREN]));
    if (of[QUANTITIES]) TRY(write_quantities(w, "quantityList", of[QUANTITIES]));
    if (of[CHILD_QUANTITIES]) TRY(write_quantities(w, "childQuantityList", of[CHILD_QUANTITIES]));
    if (of[INPUT_QUANTITIES]) TRY(write_quantities(w, "inputQuantityList", of[INPUT_QUANTITIES]));
    if (of[OUTPUTS]) TRY(write_epcs(w, "outputEPCList", of[OUTPUTS]));
    if (of[OUTPUT_QUANTITIES]) TRY(write_quantities(w, "outputQuantityList", of[OUTPUT_QUANTITIES]));
    if (of[ACTION]) TRY(write_text(w, "action=", of[ACTION]));
    if (of[TRANSFORMATION]) TRY(write_text(w, "transformationID=", of[TRANSFORMATION]));
    if (of[STEP]) TRY(write_piece(w, STEP_PIECE, of[STEP]));
    if (of[DISPOSITION]) TRY(write_piece(w, DISPOSITION_PIECE, of[DISPOSITION]));
    if (of[PERSISTENT] || of[SENSORS]) return ODD;
    if (of[READ_POINT]) TRY(write_place(w, "readPointid=", of[READ_POINT]));
    if (of[LOCATION]) TRY(write_place(w, "bizLocationid=", of[LOCATION]));
    return DONE;
}

static int write_event(Writer *w, const Event *event)
{
    PyObject *const *of = event->of;
    Py_ssize_t from, at;
    Text type;
    if (!ascii(of[TYPE], &type)) return ODD;
    TRY(add_chars(&w->out, "eventType="));
    TRY(add(&w->out, type));
    TRY(write_ordered(w, of));
    from = w->out.len;
    if (of[TRANSACTIONS])
        TRY(write_typed(w, "bizTransactionList", of[TRANSACTIONS], s_transaction, TRANSACTION_PIECE));
    if (of[SOURCES]) TRY(write_typed(w, "sourceList", of[SOURCES], s_source, SOURCE_PIECE));
    if (of[DESTINATIONS]) TRY(write_typed(w, "destinationList", of[DESTINATIONS], s_destination, DESTINATION_PIECE));
    if (of[ILMD]) {
        if (!PyDict_CheckExact(of[ILMD])) return ODD;
        at = w->out.len;
        TRY(add_chars(&w->out, "ilmd"));
        TRY(write_fields(w, of[ILMD], 1, 0));
        if (w->out.len == at + 4) w->out.len = at;
        TRY(end_line(w, at));
    }
    for (int i = 0; i < event->extras; i++) TRY(write_generic(w, event->name[i], event->value[i], 0));
    return sort_lines(w, 0, from);
}

/* Open a writer on the tables that `prehash` is given; 0 where they are none. */
static int write_with(Writer *w, PyObject *names, PyObject *heads, PyObject *pieces)
{
    if (!PyDict_Check(names) || !PyDict_Check(heads) || !PyTuple_Check(pieces) || PyTuple_GET_SIZE(pieces) != PIECES)
        return 0;
    for (int i = 0; i < PIECES; i++)
        if (!PyDict_Check(PyTuple_GET_ITEM(pieces, i))) return 0;
    writer_open(w);
    w->names = names, w->heads = heads, w->pieces = pieces;
    return 1;
}

PyDoc_STRVAR(prehash_doc, "prehash(event, names, heads, pieces) -> the pre-hash string as UTF-8, or None.");

static PyObject *prehash(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    Writer w;
    Event event;
    PyObject *result = NULL;
    int outcome;
    if (count != 4 || !write_with(&w, args[1], args[2], args[3])) {
        PyErr_SetString(PyExc_TypeError, prehash_doc);
        return NULL;
    }
    outcome = read_event(args[0], &event);
    if (outcome == DONE) outcome = write_event(&w, &event);
    if (outcome == DONE && (result = PyBytes_FromStringAndSize(w.out.data, w.out.len)) == NULL) outcome = FAILED;
    writer_close(&w);
    return answer(outcome, result);
}

/* ---------------------------------------------------------------------------------------------------- things, marks */

/* Bits of prove/epcis/roles.py. */
enum { R_EPC = 1, R_PARENT = 2, R_CHILD = 4, R_INPUT = 8, R_OUTPUT = 16, R_CLASS = 32, R_ADD = 64, R_DELETE = 128,
       R_DECLARED = 256 };

typedef struct {
    PyObject *keys, *roles, *uris, *heads;
    long common;
} Things;

/* Keep one thing: its key by its name, its roles and its URI by its key. */
static int keep_thing(Things *things, PyObject *name, long role)
{
    PyObject *key = NULL, *uri = NULL, *roles = NULL, *before;
    int outcome;
    Text text;
    Buf buf;
    if (!ascii(name, &text)) return ODD;
    buf_open(&buf);
    outcome = add_uri(&buf, text, things->heads);
    if (outcome == DONE) {
        outcome = FAILED;
        key = PyLong_FromLongLong(key_of(buf.data, buf.len));
        uri = text.n == buf.len && memcmp(text.s, buf.data, (size_t)buf.len) == 0
                  ? Py_NewRef(name)
                  : PyUnicode_DecodeASCII(buf.data, buf.len, NULL);
        if (key != NULL && uri != NULL) {
            before = PyDict_GetItemWithError(things->roles, key);
            role |= before != NULL ? PyLong_AsLong(before) : things->common;
            roles = PyLong_FromLong(role);
            if (roles != NULL && !PyErr_Occurred() && PyDict_SetItem(things->keys, name, key) == 0 &&
                PyDict_SetItem(things->uris, key, uri) == 0 && PyDict_SetItem(things->roles, key, roles) == 0)
                outcome = DONE;
        }
    }
    buf_close(&buf);
    Py_XDECREF(key);
    Py_XDECREF(uri);
    Py_XDECREF(roles);
    return outcome;
}

/* Keep all things that an event names, in the order of prepare._named. */
static int keep_things(Things *things, PyObject *const *of)
{
    static const struct {
        enum Field field;
        long role;
    } EPC_LISTS[] = {{EPCS, R_EPC}, {CHILDREN, R_CHILD}, {INPUTS, R_INPUT}, {OUTPUTS, R_OUTPUT}},
      CLASS_LISTS[] = {{QUANTITIES, R_EPC | R_CLASS},
                       {CHILD_QUANTITIES, R_CHILD | R_CLASS},
                       {INPUT_QUANTITIES, R_INPUT | R_CLASS},
                       {OUTPUT_QUANTITIES, R_OUTPUT | R_CLASS}};
    Text action;
    things->common = 0;
    if (of[DECLARATION]) {
        if (!PyDict_CheckExact(of[DECLARATION])) return ODD;
        things->common = PyDict_GET_SIZE(of[DECLARATION]) > 0 ? R_DECLARED : 0;
    }
    if (of[ACTION]) {
        if (!ascii(of[ACTION], &action)) return ODD;
        things->common |= same(action, "ADD") ? R_ADD : same(action, "DELETE") ? R_DELETE : 0;
    }
    if (of[PARENT]) {
        if (!PyUnicode_CheckExact(of[PARENT]) || PyUnicode_GET_LENGTH(of[PARENT]) == 0) return ODD;
        TRY(keep_thing(things, of[PARENT], R_PARENT));
    }
    for (int l = 0; l < 4; l++) {
        PyObject *list = of[EPC_LISTS[l].field];
        if (list == NULL) continue;
        if (!PyList_CheckExact(list)) return ODD;
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++)
            TRY(keep_thing(things, PyList_GET_ITEM(list, i), EPC_LISTS[l].role));
    }
    for (int l = 0; l < 4; l++) {
        PyObject *list = of[CLASS_LISTS[l].field], *epc_class, *quantity, *uom;
        if (list == NULL) continue;
        if (!PyList_CheckExact(list)) return ODD;
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
            TRY(quantity_of(PyList_GET_ITEM(list, i), &epc_class, &quantity, &uom));
            TRY(keep_thing(things, epc_class, CLASS_LISTS[l].role));
        }
    }
    return DONE;
}

static const char HEX[] = "0123456789abcdef";

static int add_hex(Buf *out, const char *bytes, Py_ssize_t n)
{
    TRY(buf_room(out, 2 * n));
    for (Py_ssize_t i = 0; i < n; i++) {
        out->data[out->len++] = HEX[(unsigned char)bytes[i] >> 4];
        out->data[out->len++] = HEX[(unsigned char)bytes[i] & 15];
    }
    return DONE;
}

typedef struct {
    long long of[MOST_MARKS];
    int count;
} Marks;

/* Keep the key of what stands in the buffer, once. */
static int keep_mark(Marks *marks, const Buf *buf)
{
    long long key = key_of(buf->data, buf->len);
    for (int i = 0; i < marks->count; i++)
        if (marks->of[i] == key) return DONE;
    if (marks->count == MOST_MARKS) return ODD;
    marks->of[marks->count++] = key;
    return DONE;
}

/* Keep the further names by which an event is found (prepare._marks): parts with a zero byte between them. */
static int keep_marks(Marks *marks, Buf *buf, PyObject *const *of, const char *digest, PyObject *heads)
{
    static const char EVENT_KIND[] = "event", TRANSFORMATION_KIND[] = "transformation",
                      TRANSACTION_KIND[] = "transaction"; /* each with its zero byte */
    PyObject *type, *value;
    Text text;
    if (of[EVENT_ID]) {
        if (!ascii(of[EVENT_ID], &text) || text.n == 0) return ODD;
        buf->len = 0;
        TRY(add_chars(buf, "ni:///sha-256;"));
        TRY(add_hex(buf, digest, 32));
        TRY(add_chars(buf, "?ver=CBV2.0"));
        if (buf->len != text.n || memcmp(buf->data, text.s, (size_t)text.n) != 0) {
            buf->len = 0;
            TRY(add(buf, (Text){EVENT_KIND, sizeof EVENT_KIND}));
            TRY(add(buf, text));
            TRY(keep_mark(marks, buf));
        }
    }
    if (of[TRANSFORMATION]) {
        if (!ascii(of[TRANSFORMATION], &text) || text.n == 0) return ODD;
        buf->len = 0;
        TRY(add(buf, (Text){TRANSFORMATION_KIND, sizeof TRANSFORMATION_KIND}));
        TRY(add_uri(buf, text, heads));
        TRY(keep_mark(marks, buf));
    }
    if (of[TRANSACTIONS] == NULL) return DONE;
    if (!PyList_CheckExact(of[TRANSACTIONS])) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(of[TRANSACTIONS]); i++) {
        TRY(typed(PyList_GET_ITEM(of[TRANSACTIONS], i), s_transaction, 1, &type, &value));
        buf->len = 0;
        TRY(add(buf, (Text){TRANSACTION_KIND, sizeof TRANSACTION_KIND}));
        if (type != NULL) {
            if (!ascii(type, &text) || has(text, ':')) return ODD;
            TRY(add(buf, text));
        }
        TRY(add(buf, (Text){"", 1}));
        if (!ascii(value, &text)) return ODD;
        TRY(add_uri(buf, text, heads));
        TRY(keep_mark(marks, buf));
    }
    return DONE;
}

/* Give what is known of the vocabulary of an event (prepare._terms): None where Python has not met this one yet. */
static int find_terms(PyObject *const *of, PyObject *known, PyObject **columns, PyObject **terms)
{
    PyObject *given[6] = {of[TYPE], of[ACTION], of[STEP], of[DISPOSITION], of[READ_POINT], of[LOCATION]}, *key, *found;
    *columns = *terms = Py_None;
    for (int i = 0; i < 6; i++) {
        if (given[i] == NULL) given[i] = Py_None;
        else if (i > 3) TRY(place_id(given[i], &given[i]));
        if (given[i] != Py_None && !PyUnicode_CheckExact(given[i])) return ODD;
    }
    if ((key = PyTuple_Pack(6, given[0], given[1], given[2], given[3], given[4], given[5])) == NULL) return FAILED;
    found = PyDict_GetItemWithError(known, key);
    Py_DECREF(key);
    if (found == NULL) return PyErr_Occurred() ? FAILED : DONE;
    if (!PyTuple_CheckExact(found) || PyTuple_GET_SIZE(found) != 2) return ODD;
    *columns = PyTuple_GET_ITEM(found, 0), *terms = PyTuple_GET_ITEM(found, 1);
    return DONE;
}

/* Make the tuple of the marks. */
static PyObject *marks_tuple(const Marks *marks)
{
    PyObject *tuple = PyTuple_New(marks->count);
    for (int i = 0; tuple != NULL && i < marks->count; i++) {
        PyObject *mark = PyLong_FromLongLong(marks->of[i]);
        if (mark == NULL) Py_CLEAR(tuple);
        else PyTuple_SET_ITEM(tuple, i, mark);
    }
    return tuple;
}

/* Give the key of an event's hash (`mark("hash", digest.hex())`). */
static int hash_key(Buf *buf, const char *digest, long long *key)
{
    buf->len = 0;
    TRY(add(buf, (Text){"hash", 5}));
    TRY(add_hex(buf, digest, 32));
    *key = key_of(buf->data, buf->len);
    return DONE;
}

static int prepare_event(PyObject *object, Writer *w, PyObject *known, Things *things, PyObject **result)
{
    unsigned char digest[32];
    PyObject *columns, *terms, *marked;
    long long key;
    Marks marks;
    Event event;
    TRY(read_event(object, &event));
    if (event.of[DECLARATION]) return ODD;
    TRY(write_event(w, &event));
    sha256(w->out.data, w->out.len, digest);
    TRY(keep_things(things, event.of));
    marks.count = 0;
    TRY(keep_marks(&marks, &w->aside, event.of, (const char *)digest, things->heads));
    TRY(hash_key(&w->aside, (const char *)digest, &key));
    TRY(find_terms(event.of, known, &columns, &terms));
    if ((marked = marks_tuple(&marks)) == NULL) return FAILED;
    *result = Py_BuildValue("(y#LOOOOON)", (const char *)digest, (Py_ssize_t)32, key, things->keys, things->roles,
                            things->uris, columns, terms, marked);
    return *result != NULL ? DONE : FAILED;
}

PyDoc_STRVAR(prepared_doc, "prepared(event, names, heads, pieces, known) -> the fields of `Prepared` but the last.");

static PyObject *prepared(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    Things things;
    Writer w;
    PyObject *result = NULL;
    int outcome = FAILED;
    if (count != 5 || !PyDict_CheckExact(args[4]) || !write_with(&w, args[1], args[2], args[3])) {
        PyErr_SetString(PyExc_TypeError, prepared_doc);
        return NULL;
    }
    things = (Things){PyDict_New(), PyDict_New(), PyDict_New(), args[2], 0};
    if (things.keys && things.roles && things.uris) outcome = prepare_event(args[0], &w, args[4], &things, &result);
    writer_close(&w);
    Py_XDECREF(things.keys);
    Py_XDECREF(things.roles);
    Py_XDECREF(things.uris);
    return answer(outcome, result);
}

/* ---------------------------------------------------------------------------------------------------- standard form */

typedef struct {
    PyObject *prefixes, *known; /* of the Context: declared prefixes, and what names were found to be */
    PyObject *prefix[MOST_PREFIXES], *space[MOST_PREFIXES];
    int used;
} Naming;

/* Tell whether a URI stays as it is: it begins as most do, or there is no prefix that it could begin with. */
static int is_plain_uri(const Naming *naming, PyObject *object)
{
    Text text;
    if (!PyUnicode_CheckExact(object)) return ODD;
    if (PyDict_GET_SIZE(naming->prefixes) == 0) return DONE;
    return ascii(object, &text) && is_uri(text) ? DONE : ODD;
}

static int is_bare(PyObject *object)
{
    Text text;
    return ascii(object, &text) && !has(text, ':') ? DONE : ODD;
}

static int are_plain_uris(const Naming *naming, PyObject *list)
{
    if (!PyList_CheckExact(list)) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) TRY(is_plain_uri(naming, PyList_GET_ITEM(list, i)));
    return DONE;
}

static int are_plain_typed(PyObject *list, PyObject *name)
{
    PyObject *type, *value;
    Text text;
    if (!PyList_CheckExact(list)) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        TRY(typed(PyList_GET_ITEM(list, i), name, 0, &type, &value));
        TRY(is_bare(type));
        if (!ascii(value, &text) || !is_uri(text)) return ODD;
    }
    return DONE;
}

static int are_plain_quantities(const Naming *naming, PyObject *list)
{
    PyObject *epc_class, *quantity, *uom;
    if (!PyList_CheckExact(list)) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        TRY(quantity_of(PyList_GET_ITEM(list, i), &epc_class, &quantity, &uom));
        TRY(is_plain_uri(naming, epc_class));
    }
    return DONE;
}

/* Tell whether an extension's name stays, and remember the prefix that it uses (extension_names.Naming.name). */
static int use_name(Naming *naming, PyObject *name)
{
    PyObject *known, *prefix, *space;
    Text given, text;
    if (!PyUnicode_CheckExact(name)) return ODD;
    known = PyDict_GetItemWithError(naming->known, name);
    if (known == NULL) return PyErr_Occurred() ? FAILED : ODD;
    if (!PyTuple_CheckExact(known) || PyTuple_GET_SIZE(known) != 4) return ODD;
    prefix = PyTuple_GET_ITEM(known, 0), space = PyTuple_GET_ITEM(known, 1);
    if (!ascii(prefix, &given) || !PyUnicode_CheckExact(space)) return ODD;
    if (PyUnicode_GET_LENGTH(space) == 0) return DONE;
    if (PyTuple_GET_ITEM(known, 2) != name) { /* `prefix:local`: another spelling is to be renamed */
        if (!PyUnicode_CheckExact(PyTuple_GET_ITEM(known, 2))) return ODD;
        if (PyUnicode_Compare(PyTuple_GET_ITEM(known, 2), name) != 0) return PyErr_Occurred() ? FAILED : ODD;
    }
    for (int i = 0; i < naming->used; i++)
        if (ascii(naming->prefix[i], &text) && text.n == given.n && memcmp(text.s, given.s, (size_t)given.n) == 0) {
            if (naming->space[i] == space) return DONE;
            return PyUnicode_Compare(naming->space[i], space) == 0 ? DONE : PyErr_Occurred() ? FAILED : ODD;
        }
    if (naming->used == MOST_PREFIXES) return ODD;
    naming->prefix[naming->used] = prefix;
    naming->space[naming->used++] = space;
    return DONE;
}

/* Tell whether all names inside an extension's value stay (extension_names.Naming.value). */
static int use_value(Naming *naming, PyObject *value, int depth)
{
    PyObject *name, *inner;
    Py_ssize_t at = 0;
    if (depth > DEEPEST) return ODD;
    if (PyList_CheckExact(value)) {
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(value); i++)
            TRY(use_value(naming, PyList_GET_ITEM(value, i), depth + 1));
    } else if (PyDict_CheckExact(value)) {
        while (PyDict_Next(value, &at, &name, &inner)) {
            Text text;
            if (ascii(name, &text) && same(text, "@context")) return ODD;
            TRY(use_name(naming, name));
            TRY(use_value(naming, inner, depth + 1));
        }
    }
    return DONE;
}

/* Tell whether the value of a field of the standard stays as it is (json_event._CHANGES). */
static int stays(Naming *naming, enum Field field, PyObject *value)
{
    PyObject *id;
    Text text;
    switch (field) {
    case CONTEXT: case EVENT_TIME: case OFFSET: case RECORD_TIME: case ACTION:
        return DONE;
    case TYPE: case STEP: case DISPOSITION:
        return is_bare(value);
    case PARENT: case TRANSFORMATION: case CERTIFICATION: case EVENT_ID:
        return is_plain_uri(naming, value);
    case EPCS: case INPUTS: case CHILDREN: case OUTPUTS:
        return are_plain_uris(naming, value);
    case QUANTITIES: case CHILD_QUANTITIES: case INPUT_QUANTITIES: case OUTPUT_QUANTITIES:
        return are_plain_quantities(naming, value);
    case READ_POINT: case LOCATION:
        TRY(place_id(value, &id));
        return ascii(id, &text) && is_uri(text) ? DONE : ODD;
    case TRANSACTIONS:
        return are_plain_typed(value, s_transaction);
    case SOURCES:
        return are_plain_typed(value, s_source);
    case DESTINATIONS:
        return are_plain_typed(value, s_destination);
    case ILMD:
        return use_value(naming, value, 0);
    default: /* id, errorDeclaration, persistentDisposition, sensorElementList */
        return ODD;
    }
}

static int use_event(Naming *naming, PyObject *event)
{
    PyObject *name, *value, *number;
    Py_ssize_t at = 0;
    if (!PyDict_CheckExact(event)) return ODD;
    while (PyDict_Next(event, &at, &name, &value)) {
        if (!PyUnicode_CheckExact(name)) return ODD;
        if ((number = PyDict_GetItemWithError(field_numbers, name)) != NULL) {
            TRY(stays(naming, (enum Field)PyLong_AsLong(number), value));
        } else {
            if (PyErr_Occurred()) return FAILED;
            TRY(use_name(naming, name));
            TRY(use_value(naming, value, 0));
        }
    }
    return DONE;
}

/* Make the event's own @context: the prefixes in use, without those that EPCIS declares itself. */
static int declare(const Naming *naming, PyObject *standard, PyObject *event)
{
    PyObject *declared = PyDict_New(), *space;
    int outcome = declared == NULL ? FAILED : DONE;
    for (int i = 0; outcome == DONE && i < naming->used; i++) {
        space = PyDict_GetItemWithError(standard, naming->prefix[i]);
        if (space == NULL && PyErr_Occurred()) {
            outcome = FAILED;
        } else if (space == NULL || !PyUnicode_Check(space) || PyUnicode_Compare(space, naming->space[i]) != 0) {
            if (PyErr_Occurred() || PyDict_SetItem(declared, naming->prefix[i], naming->space[i]) < 0) outcome = FAILED;
        }
    }
    if (outcome == DONE && PyDict_GET_SIZE(declared) > 0 && PyDict_SetItem(event, s_context, declared) < 0)
        outcome = FAILED;
    Py_XDECREF(declared);
    return outcome;
}

PyDoc_STRVAR(standard_doc, "standard(event, prefixes, known, standard) -> the event in standard form, or None.");

static PyObject *standard(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    Naming naming;
    PyObject *result = NULL;
    int outcome;
    if (count != 4 || !PyDict_CheckExact(args[1]) || !PyDict_CheckExact(args[2]) || !PyDict_CheckExact(args[3])) {
        PyErr_SetString(PyExc_TypeError, standard_doc);
        return NULL;
    }
    naming.prefixes = args[1], naming.known = args[2], naming.used = 0;
    outcome = use_event(&naming, args[0]);
    if (outcome == DONE) {
        int contexts;
        /* What `known` holds may go while the dict is made: it belongs to a document that other threads may read. */
        for (int i = 0; i < naming.used; i++) Py_INCREF(naming.prefix[i]), Py_INCREF(naming.space[i]);
        result = PyDict_Copy(args[0]);
        contexts = result == NULL ? -1 : PyDict_Contains(result, s_context);
        if (contexts < 0 || (contexts && PyDict_DelItem(result, s_context) < 0)) outcome = FAILED;
        if (outcome == DONE && naming.used > 0) outcome = declare(&naming, args[3], result);
        for (int i = 0; i < naming.used; i++) Py_DECREF(naming.prefix[i]), Py_DECREF(naming.space[i]);
    }
    return answer(outcome, result);
}

/* ---------------------------------------------------------------------------------------------------- form */
/* Stage 1 of the validator for ordinary events of the standard: what validation/shapes_event.py says as a schema. */

#define BIT(field) (1u << (field))
enum { F_OBJECT, F_AGGREGATION, F_ASSOCIATION, F_TRANSACTION, F_TRANSFORMATION, KINDS };
static const char *const KIND_NAMES[KINDS] = {"ObjectEvent", "AggregationEvent", "AssociationEvent",
                                              "TransactionEvent", "TransformationEvent"};
#define EVERY                                                                                                          \
    (BIT(CONTEXT) | BIT(TYPE) | BIT(EVENT_TIME) | BIT(RECORD_TIME) | BIT(OFFSET) | BIT(EVENT_ID) | BIT(STEP) |          \
     BIT(DISPOSITION) | BIT(READ_POINT) | BIT(LOCATION) | BIT(TRANSACTIONS) | BIT(SOURCES) | BIT(DESTINATIONS))
static const unsigned MAY_HAVE[KINDS] = {
    EVERY | BIT(ACTION) | BIT(EPCS) | BIT(QUANTITIES) | BIT(ILMD),
    EVERY | BIT(ACTION) | BIT(PARENT) | BIT(CHILDREN) | BIT(CHILD_QUANTITIES),
    EVERY | BIT(ACTION) | BIT(PARENT) | BIT(CHILDREN) | BIT(CHILD_QUANTITIES),
    EVERY | BIT(ACTION) | BIT(PARENT) | BIT(EPCS) | BIT(QUANTITIES),
    EVERY | BIT(INPUTS) | BIT(INPUT_QUANTITIES) | BIT(OUTPUTS) | BIT(OUTPUT_QUANTITIES) | BIT(TRANSFORMATION) |
        BIT(ILMD)};
enum Word { STEP_WORD, DISPOSITION_WORD, TRANSACTION_WORD, PARTY_WORD, WORDS };

/* Tell whether a text is a URI of the usual forms, with plain characters only. */
static int formed_uri(PyObject *object)
{
    Text text;
    Py_ssize_t i = 4;
    if (!ascii(object, &text) || text.n < 5) return ODD;
    if (begins(text, "http")) {
        i += text.s[4] == 's';
        if (!begins(behind(text, i), "://") || text.n < i + 4 || !is_alnum(text.s[i + 3])) return ODD;
        for (i += 3; i < text.n && text.s[i] != '/'; i++)
            if (!is_alnum(text.s[i]) && text.s[i] != '.' && text.s[i] != '-') return ODD;
    } else if (begins(text, "ni:///")) {
        i = 6;
    } else if (!begins(text, "urn:")) {
        return ODD;
    }
    for (; i < text.n; i++)
        if (!is_alnum(text.s[i]) && memchr(":.-_/;?=", text.s[i], 8) == NULL) return ODD;
    return DONE;
}

/* Tell whether the name of an extension is `prefix:name` of letters and digits, which is a URI as well. */
static int formed_name(PyObject *object)
{
    Text text;
    Py_ssize_t i = 0;
    if (!ascii(object, &text) || text.n == 0 || !is_alnum(text.s[0]) || is_digit(text.s[0])) return ODD;
    while (i < text.n && is_alnum(text.s[i])) i++;
    return i < text.n && text.s[i] == ':' && is_safe(behind(text, i + 1)) ? DONE : ODD;
}

/* Tell whether a value is what JSON can hold, and not too deep: of extensions the schema says no more. */
static int formed_value(PyObject *value, int depth)
{
    PyObject *name, *inner;
    Py_ssize_t at = 0;
    int overflow = 0;
    Text text;
    if (PyUnicode_CheckExact(value)) return bytes_of(value, &text);
    if (value == Py_None || PyBool_Check(value)) return DONE;
    if (PyFloat_CheckExact(value)) return isfinite(PyFloat_AS_DOUBLE(value)) ? DONE : ODD;
    if (PyLong_CheckExact(value)) return PyLong_AsLongLongAndOverflow(value, &overflow), overflow ? ODD : DONE;
    if (depth > DEEPEST) return ODD;
    if (PyList_CheckExact(value)) {
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(value); i++)
            TRY(formed_value(PyList_GET_ITEM(value, i), depth + 1));
        return DONE;
    }
    if (!PyDict_CheckExact(value)) return ODD;
    while (PyDict_Next(value, &at, &name, &inner)) {
        if (!PyUnicode_CheckExact(name) || !PyUnicode_IS_COMPACT_ASCII(name)) return ODD;
        TRY(formed_value(inner, depth + 1));
    }
    return DONE;
}

static int formed_things(PyObject *list, int differ)
{
    Text one, other;
    if (!PyList_CheckExact(list) || PyList_GET_SIZE(list) > MOST_THINGS) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        TRY(formed_uri(PyList_GET_ITEM(list, i)));
        ascii(PyList_GET_ITEM(list, i), &one);
        for (Py_ssize_t j = 0; differ && j < i; j++)
            if (ascii(PyList_GET_ITEM(list, j), &other) && one.n == other.n && !memcmp(one.s, other.s, (size_t)one.n))
                return ODD;
    }
    return DONE;
}

static int formed_quantities(PyObject *list)
{
    PyObject *epc_class, *quantity, *uom;
    Text unit;
    if (!PyList_CheckExact(list)) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        TRY(quantity_of(PyList_GET_ITEM(list, i), &epc_class, &quantity, &uom));
        TRY(formed_uri(epc_class));
        if (quantity != NULL && !PyLong_CheckExact(quantity) && !PyFloat_CheckExact(quantity)) return ODD;
        if (uom == NULL) continue;
        if (!ascii(uom, &unit) || unit.n < 2 || unit.n > 3) return ODD;
        for (Py_ssize_t c = 0; c < unit.n; c++)
            if (!is_digit(unit.s[c]) && !(unit.s[c] >= 'A' && unit.s[c] <= 'Z')) return ODD;
    }
    return DONE;
}

static int formed_word(PyObject *words, enum Word word, PyObject *object)
{
    int known = PyUnicode_CheckExact(object) ? PyDict_Contains(PyTuple_GET_ITEM(words, word), object) : 0;
    return known < 0 ? FAILED : known ? DONE : ODD;
}

static int formed_typed(PyObject *words, enum Word word, PyObject *list, PyObject *name, int may_lack)
{
    PyObject *type, *value;
    if (!PyList_CheckExact(list)) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        TRY(typed(PyList_GET_ITEM(list, i), name, may_lack, &type, &value));
        if (type != NULL) TRY(formed_word(words, word, type));
        TRY(formed_uri(value));
    }
    return DONE;
}

static int formed_offset(PyObject *object)
{
    Text text;
    int hours, minutes;
    if (!ascii(object, &text) || text.n != 6 || (text.s[0] != '+' && text.s[0] != '-') || text.s[3] != ':') return ODD;
    hours = number_at(text.s + 1, 2), minutes = number_at(text.s + 4, 2);
    return hours >= 0 && minutes >= 0 && minutes < 60 && (hours < 14 || (hours == 14 && minutes == 0)) ? DONE : ODD;
}

static int formed_action(PyObject *object)
{
    Text text;
    return ascii(object, &text) && (same(text, "ADD") || same(text, "OBSERVE") || same(text, "DELETE")) ? DONE : ODD;
}

/* Check extensions: each is `prefix:name`, with any value. */
static int formed_extensions(PyObject *object)
{
    PyObject *name, *value;
    Py_ssize_t at = 0;
    if (!PyDict_CheckExact(object)) return ODD;
    while (PyDict_Next(object, &at, &name, &value)) TRY(formed_name(name));
    return DONE;
}

static int formed_field(PyObject *words, enum Field field, PyObject *value, int kind)
{
    PyObject *id;
    int64_t micros;
    Text text;
    switch (field) {
    case CONTEXT:
        return PyDict_CheckExact(value) ? DONE : ODD;
    case EVENT_TIME: case RECORD_TIME:
        return ascii(value, &text) && moment(text, &micros) ? DONE : ODD;
    case OFFSET:
        return formed_offset(value);
    case EVENT_ID: case PARENT: case TRANSFORMATION:
        return formed_uri(value);
    case ACTION:
        return formed_action(value);
    case STEP:
        return formed_word(words, STEP_WORD, value);
    case DISPOSITION:
        return formed_word(words, DISPOSITION_WORD, value);
    case READ_POINT: case LOCATION:
        TRY(place_id(value, &id));
        return formed_uri(id);
    case TRANSACTIONS:
        return formed_typed(words, TRANSACTION_WORD, value, s_transaction, 1);
    case SOURCES:
        return formed_typed(words, PARTY_WORD, value, s_source, 0);
    case DESTINATIONS:
        return formed_typed(words, PARTY_WORD, value, s_destination, 0);
    case EPCS: case INPUTS: case OUTPUTS:
        return formed_things(value, kind != F_TRANSACTION);
    case CHILDREN:
        return formed_things(value, 0);
    case QUANTITIES: case CHILD_QUANTITIES: case INPUT_QUANTITIES: case OUTPUT_QUANTITIES:
        return formed_quantities(value);
    case ILMD:
        return formed_extensions(value);
    default: /* the type is looked at before */
        return field == TYPE ? DONE : ODD;
    }
}

static int is_filled(PyObject *list) { return list != NULL && PyList_CheckExact(list) && PyList_GET_SIZE(list) > 0; }
static int is_action(PyObject *object, const char *action)
{
    Text text;
    return object != NULL && ascii(object, &text) && same(text, action);
}

/* Check what must stand together. */
static int formed_whole(PyObject *const *of, int kind)
{
    int in = is_filled(of[INPUTS]) || is_filled(of[INPUT_QUANTITIES]);
    int out = is_filled(of[OUTPUTS]) || is_filled(of[OUTPUT_QUANTITIES]);
    int filled = is_filled(of[CHILDREN]) || is_filled(of[CHILD_QUANTITIES]) || is_action(of[ACTION], "DELETE");
    if (!of[EVENT_TIME] || !of[OFFSET] || (kind != F_TRANSFORMATION && !of[ACTION])) return ODD;
    switch (kind) {
    case F_OBJECT:
        if (of[ILMD] && !is_action(of[ACTION], "ADD")) return ODD;
        return of[EPCS] || is_filled(of[QUANTITIES]) ? DONE : ODD;
    case F_AGGREGATION:
        return filled ? DONE : ODD;
    case F_ASSOCIATION:
        return filled && of[PARENT] ? DONE : ODD;
    case F_TRANSACTION:
        if (!is_filled(of[TRANSACTIONS])) return ODD;
        return of[EPCS] || is_filled(of[QUANTITIES]) || is_action(of[ACTION], "DELETE") ? DONE : ODD;
    default:
        return (in && out) || (of[TRANSFORMATION] && (in || out)) ? DONE : ODD;
    }
}

static int formed_event(PyObject *words, const Event *event)
{
    int kind = 0;
    Text type;
    if (!ascii(event->of[TYPE], &type)) return ODD;
    while (kind < KINDS && !same(type, KIND_NAMES[kind])) kind++;
    if (kind == KINDS) return ODD;
    for (int field = 0; field < FIELDS; field++) {
        if (event->of[field] == NULL) continue;
        if (!(MAY_HAVE[kind] & BIT(field))) return ODD;
        TRY(formed_field(words, (enum Field)field, event->of[field], kind));
    }
    for (int i = 0; i < event->extras; i++) TRY(formed_name(event->name[i]));
    return formed_whole(event->of, kind);
}

PyDoc_STRVAR(formed_doc, "formed(event, words) -> whether an event surely has the form of its type: stage 1.");

static PyObject *formed(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    Event event;
    int outcome = count == 2 && PyTuple_Check(args[1]) && PyTuple_GET_SIZE(args[1]) == WORDS;
    for (int i = 0; outcome && i < WORDS; i++) outcome = PyDict_CheckExact(PyTuple_GET_ITEM(args[1], i));
    if (!outcome) {
        PyErr_SetString(PyExc_TypeError, formed_doc);
        return NULL;
    }
    outcome = formed_value(args[0], 0);
    if (outcome == DONE) outcome = read_event(args[0], &event);
    if (outcome == DONE) outcome = formed_event(args[1], &event);
    return outcome == FAILED ? NULL : PyBool_FromLong(outcome == DONE);
}

/* ---------------------------------------------------------------------------------------------------- findings */

/* What a URI names (levels.Level), as bits; 0 where it takes a closer look. */
enum { INSTANCE = 1, CLASS = 2, PLACE = 4, PARTY = 8, OTHER = 16 };

/* Tell whether a body is `prefix.reference` of n digits together. */
static int is_key(Text body, Py_ssize_t n)
{
    Text prefix, reference;
    return company(body, &prefix, &reference) && prefix.n + reference.n == n &&
           (reference.n == 0 || all_digits(reference));
}

/* Give what a URI names where that is plain to see (levels.level); -1 with an exception. */
static int level(PyObject *object, PyObject *heads)
{
    PyObject *found;
    Text text, name, level, serial, prefix;
    Py_ssize_t dot;
    if (!ascii(object, &text)) return 0;
    if (begins(text, "http")) return 0;
    if (!begins(text, "urn:epc:")) return may_be_gs1(text) ? 0 : OTHER;
    name = behind(text, 8);
    if (begins(name, "id:giai:"))
        return company(behind(name, 8), &prefix, &serial) && is_safe(serial) && serial.n <= 24 ? INSTANCE : 0;
    if (begins(name, "id:sscc:")) return is_key(behind(name, 8), 17) ? INSTANCE : 0;
    if (begins(name, "id:pgln:")) return is_key(behind(name, 8), 12) ? PARTY : 0;
    if (begins(name, "class:lgtin:")) {
        name = behind(name, 12);
        if (name.n < 16 || name.s[14] != '.' || !is_key((Text){name.s, 14}, 13)) return 0;
        serial = behind(name, 15);
        return is_safe(serial) && serial.n <= 20 ? CLASS : 0;
    }
    for (dot = text.n - 1; dot >= 0 && text.s[dot] != '.'; dot--)
        if (!is_alnum(text.s[dot])) return 0;
    if (dot < 0 || text.n - 1 - dot < 1 || text.n - 1 - dot > 16) return 0;
    found = looked_up(heads, text.s, dot);
    if (found == NULL) return PyErr_Occurred() ? -1 : 0;
    if (!ascii(found, &level)) return 0;
    return same(level, "instance") ? INSTANCE : same(level, "place") ? PLACE : 0;
}

/* What `fine` is given, besides the event. */
typedef struct {
    int64_t latest;                         /* microseconds since 1970: no event is later */
    PyObject *heads, *standard, *own, *odd; /* levels._heads; prefixes of EPCIS; our namespace; units to be told */
} Rules;

static int must_be(const Rules *rules, PyObject *uri, int levels)
{
    int found = level(uri, rules->heads);
    return found < 0 ? FAILED : (found & levels) != 0 ? DONE : ODD;
}

/* Check that each is one thing, named once; a set is needed for long lists, and that is Python's. */
static int fine_things(const Rules *rules, PyObject *list)
{
    Text one, other;
    if (!PyList_CheckExact(list) || PyList_GET_SIZE(list) > MOST_THINGS) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        TRY(must_be(rules, PyList_GET_ITEM(list, i), INSTANCE | OTHER));
        if (!ascii(PyList_GET_ITEM(list, i), &one)) return ODD;
        for (Py_ssize_t j = 0; j < i; j++)
            if (ascii(PyList_GET_ITEM(list, j), &other) && one.n == other.n &&
                memcmp(one.s, other.s, (size_t)one.n) == 0)
                return ODD;
    }
    return DONE;
}

static int fine_quantities(const Rules *rules, PyObject *list)
{
    PyObject *epc_class, *quantity, *uom;
    if (!PyList_CheckExact(list)) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        double amount;
        TRY(quantity_of(PyList_GET_ITEM(list, i), &epc_class, &quantity, &uom));
        TRY(must_be(rules, epc_class, CLASS | OTHER));
        if (quantity == NULL && uom != NULL) return ODD;
        if (uom != NULL) {
            int odd = PyUnicode_CheckExact(uom) ? PyDict_Contains(rules->odd, uom) : 1;
            if (odd != 0) return odd < 0 ? FAILED : ODD;
        }
        if (quantity == NULL) continue;
        if (PyLong_CheckExact(quantity)) {
            int overflow;
            long long number = PyLong_AsLongLongAndOverflow(quantity, &overflow);
            if (overflow || number < 0) return ODD;
            continue;
        }
        if (!PyFloat_CheckExact(quantity)) return ODD;
        amount = PyFloat_AS_DOUBLE(quantity);
        if (!isfinite(amount) || amount < 0 || (uom == NULL && amount != floor(amount))) return ODD;
    }
    return DONE;
}

static int fine_transactions(const Rules *rules, PyObject *list)
{
    PyObject *type, *value;
    if (!PyList_CheckExact(list)) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        TRY(typed(PyList_GET_ITEM(list, i), s_transaction, 1, &type, &value));
        if (type != NULL) TRY(is_bare(type));
        TRY(must_be(rules, value, INSTANCE | CLASS | PLACE | PARTY | OTHER));
    }
    return DONE;
}

static int fine_parties(const Rules *rules, PyObject *list, PyObject *name)
{
    PyObject *type, *value;
    Text kind;
    if (!PyList_CheckExact(list)) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        TRY(typed(PyList_GET_ITEM(list, i), name, 0, &type, &value));
        if (!ascii(type, &kind)) return ODD;
        if (same(kind, "location")) TRY(must_be(rules, value, PLACE | OTHER));
        else if (same(kind, "owning_party") || same(kind, "possessing_party"))
            TRY(must_be(rules, value, PARTY | PLACE | OTHER));
        else return ODD;
    }
    return DONE;
}

/* Check that the prefix of a name is explained, and not by our own namespace (check_extension.check_name). */
static int fine_name(const Rules *rules, PyObject *declared, PyObject *name)
{
    PyObject *space;
    const char *colon;
    Text text;
    if (!ascii(name, &text)) return ODD;
    colon = text.n > 0 ? memchr(text.s, ':', (size_t)text.n) : NULL;
    if (colon == NULL) return DONE;
    if (declared != NULL) {
        if (!PyDict_CheckExact(declared)) return ODD;
        space = looked_up(declared, text.s, colon - text.s);
        if (space == NULL && PyErr_Occurred()) return FAILED;
        if (space != NULL) {
            if (!PyUnicode_CheckExact(space)) return ODD;
            return PyUnicode_Compare(space, rules->own) != 0 ? DONE : ODD;
        }
    }
    space = looked_up(rules->standard, text.s, colon - text.s);
    return space != NULL ? DONE : PyErr_Occurred() ? FAILED : ODD;
}

static int fine_place(const Rules *rules, PyObject *place)
{
    PyObject *id;
    TRY(place_id(place, &id));
    return must_be(rules, id, PLACE | OTHER);
}

static int fine_when(const Rules *rules, PyObject *const *of)
{
    Text time, offset;
    int64_t at;
    if (!ascii(of[EVENT_TIME], &time) || !ascii(of[OFFSET], &offset)) return ODD;
    if (!moment(time, &at) || at > rules->latest) return ODD;
    if (time.s[time.n - 1] == 'Z') return DONE;
    time = behind(time, time.n - 6);
    if (memcmp(time.s + 1, "00:00", 5) == 0) return DONE;
    return offset.n == 6 && memcmp(time.s, offset.s, 6) == 0 ? DONE : ODD;
}

/* Check that a step that begins or ends things goes with the action (check_why._ACTIONS); without steps of our own. */
static int fine_step(PyObject *const *of, int is_object)
{
    static const char *const STEPS[][2] = {
        {"commissioning", "ADD"}, {"decommissioning", "DELETE"}, {"destroying", "DELETE"}, {"shipping", "OBSERVE"}};
    Text step, action;
    TRY(is_bare(of[STEP]));
    if (!is_object) return DONE;
    if (!ascii(of[STEP], &step) || !ascii(of[ACTION], &action)) return ODD;
    for (int i = 0; i < 4; i++)
        if (same(step, STEPS[i][0])) return same(action, STEPS[i][1]) ? DONE : ODD;
    return DONE;
}

static int fine_parent(const Rules *rules, PyObject *const *of)
{
    TRY(must_be(rules, of[PARENT], INSTANCE | PLACE | PARTY | OTHER));
    if (of[CHILDREN] == NULL) return DONE;
    if (!PyList_CheckExact(of[CHILDREN])) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(of[CHILDREN]); i++) {
        PyObject *child = PyList_GET_ITEM(of[CHILDREN], i);
        if (!PyUnicode_CheckExact(child)) return ODD;
        if (PyUnicode_Compare(child, of[PARENT]) == 0) return ODD;
        if (PyErr_Occurred()) return FAILED;
    }
    return DONE;
}

/* Check the type, and what must stand together (semantics._combination). */
static int fine_type(PyObject *const *of, int *is_object)
{
    Text kind, action;
    if (!ascii(of[TYPE], &kind)) return ODD;
    *is_object = same(kind, "ObjectEvent");
    if (*is_object) return is_filled(of[EPCS]) || is_filled(of[QUANTITIES]) ? DONE : ODD;
    if (same(kind, "AggregationEvent"))
        return of[PARENT] || (ascii(of[ACTION], &action) && same(action, "OBSERVE")) ? DONE : ODD;
    return same(kind, "AssociationEvent") || same(kind, "TransactionEvent") || same(kind, "TransformationEvent");
}

static int fine_event(const Rules *rules, const Event *event)
{
    static const enum Field EPC_LISTS[] = {EPCS, CHILDREN, INPUTS, OUTPUTS};
    static const enum Field CLASS_LISTS[] = {QUANTITIES, CHILD_QUANTITIES, INPUT_QUANTITIES, OUTPUT_QUANTITIES};
    PyObject *const *of = event->of, *name, *value;
    Py_ssize_t at = 0;
    int is_object;
    if (of[DECLARATION] || of[PERSISTENT] || of[SENSORS]) return ODD;
    TRY(fine_type(of, &is_object));
    TRY(fine_when(rules, of));
    for (int l = 0; l < 4; l++) {
        if (of[EPC_LISTS[l]]) TRY(fine_things(rules, of[EPC_LISTS[l]]));
        if (of[CLASS_LISTS[l]]) TRY(fine_quantities(rules, of[CLASS_LISTS[l]]));
    }
    if (of[PARENT]) TRY(fine_parent(rules, of));
    if (of[READ_POINT]) TRY(fine_place(rules, of[READ_POINT]));
    if (of[LOCATION]) TRY(fine_place(rules, of[LOCATION]));
    if (of[STEP]) TRY(fine_step(of, is_object));
    if (of[DISPOSITION]) TRY(is_bare(of[DISPOSITION]));
    if (of[TRANSACTIONS]) TRY(fine_transactions(rules, of[TRANSACTIONS]));
    if (of[SOURCES]) TRY(fine_parties(rules, of[SOURCES], s_source));
    if (of[DESTINATIONS]) TRY(fine_parties(rules, of[DESTINATIONS], s_destination));
    if (of[ILMD]) {
        if (!PyDict_CheckExact(of[ILMD])) return ODD;
        while (PyDict_Next(of[ILMD], &at, &name, &value)) TRY(fine_name(rules, of[CONTEXT], name));
    }
    for (int i = 0; i < event->extras; i++) TRY(fine_name(rules, of[CONTEXT], event->name[i]));
    return DONE;
}

PyDoc_STRVAR(fine_doc, "fine(event, latest, heads, standard, own, odd_units) -> whether stage 2 surely finds nothing.");

static PyObject *fine(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    Rules rules;
    Event event;
    int outcome;
    if (count != 6 || !PyLong_Check(args[1]) || !PyDict_CheckExact(args[2]) || !PyDict_CheckExact(args[3]) ||
        !PyUnicode_Check(args[4]) || !PyDict_CheckExact(args[5])) {
        PyErr_SetString(PyExc_TypeError, fine_doc);
        return NULL;
    }
    rules.latest = PyLong_AsLongLong(args[1]);
    if (rules.latest == -1 && PyErr_Occurred()) return NULL;
    rules.heads = args[2], rules.standard = args[3], rules.own = args[4], rules.odd = args[5];
    outcome = read_event(args[0], &event);
    if (outcome == DONE) outcome = fine_event(&rules, &event);
    return outcome == FAILED ? NULL : PyBool_FromLong(outcome == DONE);
}

/* ---------------------------------------------------------------------------------------------------- canonical JSON */

/* Tell whether msgspec writes a value as RFC 8785 wants it (canonical._is_plain): 1 or 0, -1 for Python to tell. */
static int plain_json(PyObject *value, int depth)
{
    Py_ssize_t at = 0;
    PyObject *name, *inner;
    int overflow, plain;
    long long number;
    double amount;
    if (PyUnicode_CheckExact(value) || value == Py_None || value == Py_True || value == Py_False) return 1;
    if (depth > DEEPEST) return -1;
    if (PyDict_CheckExact(value)) {
        while (PyDict_Next(value, &at, &name, &inner)) {
            if (!PyUnicode_CheckExact(name)) return -1;
            if (!PyUnicode_IS_COMPACT_ASCII(name)) return -1;
            if ((plain = plain_json(inner, depth + 1)) != 1) return plain;
        }
        return 1;
    }
    if (PyList_CheckExact(value)) {
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(value); i++)
            if ((plain = plain_json(PyList_GET_ITEM(value, i), depth + 1)) != 1) return plain;
        return 1;
    }
    if (PyLong_CheckExact(value)) {
        number = PyLong_AsLongLongAndOverflow(value, &overflow);
        return overflow || number < -EXACT || number > EXACT ? -1 : 1;
    }
    if (!PyFloat_CheckExact(value)) return -1;
    amount = fabs(PyFloat_AS_DOUBLE(value));
    return amount >= 1e-4 && amount < 1e15 && amount != floor(amount) ? 1 : -1;
}

PyDoc_STRVAR(is_plain_doc, "is_plain(value) -> whether msgspec surely writes it as RFC 8785 wants it.");

static PyObject *is_plain(PyObject *module, PyObject *value) { return PyBool_FromLong(plain_json(value, 0) == 1); }

/* ---------------------------------------------------------------------------------------------------- leaves */

/* Give the digest of the things of an entry: SHA-256 over (key, roles) in the order of keys (entry.items_digest). */
static int digest_things(PyObject *roles, unsigned char digest[32])
{
    int64_t keys[MOST_THINGS];
    unsigned char packed[MOST_THINGS * 10], *to = packed;
    long bits[MOST_THINGS];
    PyObject *key, *value;
    Py_ssize_t at = 0, count = 0;
    if (!PyDict_CheckExact(roles) || PyDict_GET_SIZE(roles) > MOST_THINGS) return ODD;
    while (PyDict_Next(roles, &at, &key, &value)) {
        int overflow, too_many;
        Py_ssize_t i = count;
        long long number;
        long role;
        if (!PyLong_CheckExact(key) || !PyLong_CheckExact(value)) return ODD;
        number = PyLong_AsLongLongAndOverflow(key, &overflow);
        role = PyLong_AsLongAndOverflow(value, &too_many);
        if (overflow || too_many || role < 0 || role > 0xffff) return ODD;
        for (; i > 0 && keys[i - 1] > number; i--) keys[i] = keys[i - 1], bits[i] = bits[i - 1];
        keys[i] = number, bits[i] = role;
        count++;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        for (int shift = 56; shift >= 0; shift -= 8) *to++ = (unsigned char)((uint64_t)keys[i] >> shift);
        *to++ = (unsigned char)(bits[i] >> 8);
        *to++ = (unsigned char)bits[i];
    }
    sha256((const char *)packed, to - packed, digest);
    return DONE;
}

/* Add a number with so many digits, and a sign behind it. */
static int add_number(Buf *buf, int number, int digits, char sign)
{
    char text[8];
    text[digits] = sign;
    for (int i = digits - 1; i >= 0; i--, number /= 10) text[i] = (char)('0' + number % 10);
    return add(buf, (Text){text, digits + 1});
}

/* Add a moment as the ledger writes it (entry.stamp): UTC with microseconds; of other zones Python knows the offset. */
static int add_stamp(Buf *buf, PyObject *moment)
{
    if (!PyDateTime_CheckExact(moment) || PyDateTime_DATE_GET_TZINFO(moment) != PyDateTime_TimeZone_UTC) return ODD;
    TRY(add_number(buf, PyDateTime_GET_YEAR(moment), 4, '-'));
    TRY(add_number(buf, PyDateTime_GET_MONTH(moment), 2, '-'));
    TRY(add_number(buf, PyDateTime_GET_DAY(moment), 2, 'T'));
    TRY(add_number(buf, PyDateTime_DATE_GET_HOUR(moment), 2, ':'));
    TRY(add_number(buf, PyDateTime_DATE_GET_MINUTE(moment), 2, ':'));
    TRY(add_number(buf, PyDateTime_DATE_GET_SECOND(moment), 2, '.'));
    return add_number(buf, PyDateTime_DATE_GET_MICROSECOND(moment), 6, 'Z');
}

/* Write what a leaf says first (entry.opening), with the digest of salt and body made on the way. */
static int write_opening(Buf *buf, PyObject *const *args)
{
    unsigned char digest[32];
    Text kind;
    if (!PyBytes_CheckExact(args[0]) || !PyBytes_CheckExact(args[1]) || !ascii(args[5], &kind) || !is_safe(kind))
        return ODD;
    TRY(add(buf, (Text){PyBytes_AS_STRING(args[0]), PyBytes_GET_SIZE(args[0])}));
    TRY(add(buf, (Text){PyBytes_AS_STRING(args[1]), PyBytes_GET_SIZE(args[1])}));
    sha256(buf->data, buf->len, digest);
    buf->len = 0;
    TRY(add_chars(buf, "\"digest\":\""));
    TRY(add_hex(buf, (const char *)digest, sizeof digest));
    if (args[2] != Py_None) {
        if (!PyBytes_CheckExact(args[2])) return ODD;
        TRY(add_chars(buf, "\",\"event\":\""));
        TRY(add_hex(buf, PyBytes_AS_STRING(args[2]), PyBytes_GET_SIZE(args[2])));
    }
    TRY(add_chars(buf, "\",\"eventTime\":\""));
    TRY(add_stamp(buf, args[4]));
    TRY(add_chars(buf, "\",\"items\":\""));
    TRY(digest_things(args[3], digest));
    TRY(add_hex(buf, (const char *)digest, sizeof digest));
    TRY(add_chars(buf, "\",\"kind\":\""));
    TRY(add(buf, kind));
    return add_chars(buf, "\",\"number\":");
}

PyDoc_STRVAR(opening_doc, "opening(salt, canonical, event_hash, roles, event_time, kind) -> what a leaf says first.");

static PyObject *opening(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    PyObject *result = NULL;
    int outcome;
    Buf buf;
    if (count != 6) {
        PyErr_SetString(PyExc_TypeError, opening_doc);
        return NULL;
    }
    buf_open(&buf);
    outcome = write_opening(&buf, args);
    if (outcome == DONE && (result = PyUnicode_DecodeASCII(buf.data, buf.len, NULL)) == NULL) outcome = FAILED;
    buf_close(&buf);
    return answer(outcome, result);
}

/* Write one leaf and hash it as RFC 6962 does: behind a zero byte. */
static int hash_leaf(Buf *buf, Text head, PyObject *opened, long long number, Text tail, PyObject **hash)
{
    unsigned char digest[32];
    char digits[32];
    buf->len = 0;
    TRY(add(buf, (Text){"", 1}));
    TRY(add(buf, head));
    TRY(add_str(buf, opened));
    PyOS_snprintf(digits, sizeof digits, "%lld", number);
    TRY(add_chars(buf, digits));
    TRY(add(buf, tail));
    sha256(buf->data, buf->len, digest);
    *hash = PyBytes_FromStringAndSize((const char *)digest, sizeof digest);
    return *hash != NULL ? DONE : FAILED;
}

PyDoc_STRVAR(leaves_doc, "leaves(head, openings, first, tail) -> hashes of the leaves with the numbers from `first` on.");

static PyObject *leaves(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    PyObject *result, *hash;
    int outcome = DONE;
    long long first;
    Text head, tail;
    Buf buf;
    if (count != 4 || !PyBytes_CheckExact(args[0]) || !PyList_CheckExact(args[1]) || !PyLong_CheckExact(args[2]) ||
        !PyBytes_CheckExact(args[3])) {
        PyErr_SetString(PyExc_TypeError, leaves_doc);
        return NULL;
    }
    first = PyLong_AsLongLong(args[2]);
    if (first == -1 && PyErr_Occurred()) return NULL;
    head = (Text){PyBytes_AS_STRING(args[0]), PyBytes_GET_SIZE(args[0])};
    tail = (Text){PyBytes_AS_STRING(args[3]), PyBytes_GET_SIZE(args[3])};
    if ((result = PyList_New(PyList_GET_SIZE(args[1]))) == NULL) return NULL;
    buf_open(&buf);
    for (Py_ssize_t i = 0; outcome == DONE && i < PyList_GET_SIZE(args[1]); i++) {
        outcome = hash_leaf(&buf, head, PyList_GET_ITEM(args[1], i), first + i, tail, &hash);
        if (outcome == DONE) PyList_SET_ITEM(result, i, hash);
    }
    buf_close(&buf);
    return answer(outcome, result);
}

/* ---------------------------------------------------------------------------------------------------- moments */

PyDoc_STRVAR(moment_doc, "moment(text) -> the moment in UTC of a usual RFC 3339 text, or None.");

static PyObject *moment_of(PyObject *module, PyObject *object)
{
    int64_t micros, seconds;
    int year, month, day, rest;
    Text text;
    if (!ascii(object, &text) || !moment(text, &micros) || micros < 0) Py_RETURN_NONE;
    seconds = micros / 1000000;
    rest = (int)(seconds % 86400);
    day_of(seconds / 86400, &year, &month, &day);
    return PyDateTimeAPI->DateTime_FromDateAndTime(year, month, day, rest / 3600, rest / 60 % 60, rest % 60,
                                                   (int)(micros % 1000000), PyDateTime_TimeZone_UTC,
                                                   PyDateTimeAPI->DateTimeType);
}

/* ---------------------------------------------------------------------------------------------------- arrays */
/* The elements of an array as PostgreSQL reads them (store/arrays.py): each behind its length, -1 for NULL. */

static void put_big(char *to, uint64_t value, int width)
{
    for (int i = width - 1; i >= 0; i--, value >>= 8) to[i] = (char)value;
}

/* Give the items of an exact list or tuple; 0 for anything else. */
static int items_of(PyObject *values, PyObject ***items, Py_ssize_t *count)
{
    if (!PyList_CheckExact(values) && !PyTuple_CheckExact(values)) return 0;
    *items = PySequence_Fast_ITEMS(values);
    *count = PySequence_Fast_GET_SIZE(values);
    return 1;
}

/* Give a number of one, two or eight bytes: bool, smallint, bigint. */
static int number_of(PyObject *value, int width, long long *number)
{
    int overflow;
    if (width == 1) {
        *number = value == Py_True;
        return value == Py_True || value == Py_False ? DONE : ODD;
    }
    if (!PyLong_CheckExact(value)) return ODD;
    *number = PyLong_AsLongLongAndOverflow(value, &overflow);
    return overflow || (width == 2 && (*number < -32768 || *number > 32767)) ? ODD : DONE;
}

/* Give a moment in microseconds since 2000. */
static int micros_of(PyObject *value, int width, long long *number)
{
    int64_t days, seconds;
    if (!PyDateTime_CheckExact(value) || PyDateTime_DATE_GET_TZINFO(value) != PyDateTime_TimeZone_UTC) return ODD;
    days = days_of(PyDateTime_GET_YEAR(value), PyDateTime_GET_MONTH(value), PyDateTime_GET_DAY(value)) - 10957;
    seconds = PyDateTime_DATE_GET_HOUR(value) * 3600 + PyDateTime_DATE_GET_MINUTE(value) * 60;
    seconds += PyDateTime_DATE_GET_SECOND(value);
    *number = (days * 86400 + seconds) * 1000000 + PyDateTime_DATE_GET_MICROSECOND(value);
    return DONE;
}

typedef int Number(PyObject *value, int width, long long *number);

static PyObject *pack_numbers(PyObject *values, int width, Number *number_of_value)
{
    PyObject **items, *packed, *result;
    Py_ssize_t count;
    char *to;
    if (!items_of(values, &items, &count)) Py_RETURN_NONE;
    if ((packed = PyBytes_FromStringAndSize(NULL, count * (4 + width))) == NULL) return NULL;
    to = PyBytes_AS_STRING(packed);
    for (Py_ssize_t i = 0; i < count; i++) {
        long long number;
        put_big(to, items[i] == Py_None ? (uint64_t)-1 : (uint64_t)width, 4);
        to += 4;
        if (items[i] == Py_None) continue;
        if (number_of_value(items[i], width, &number) != DONE) {
            Py_DECREF(packed);
            Py_RETURN_NONE;
        }
        put_big(to, (uint64_t)number, width);
        to += width;
    }
    if (to == PyBytes_AS_STRING(packed) + PyBytes_GET_SIZE(packed)) return packed;
    result = PyBytes_FromStringAndSize(PyBytes_AS_STRING(packed), to - PyBytes_AS_STRING(packed));
    Py_DECREF(packed);
    return result;
}

PyDoc_STRVAR(numbers_doc, "numbers(values, width) -> elements of an array of whole numbers of so many bytes, or None.");

static PyObject *numbers(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    long width = count == 2 && PyLong_CheckExact(args[1]) ? PyLong_AsLong(args[1]) : 0;
    if (width != 1 && width != 2 && width != 8) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, numbers_doc);
        return NULL;
    }
    return pack_numbers(args[0], (int)width, number_of);
}

PyDoc_STRVAR(times_doc, "times(values) -> elements of an array of moments in UTC, or None.");

static PyObject *times(PyObject *module, PyObject *values) { return pack_numbers(values, 8, micros_of); }

PyDoc_STRVAR(blobs_doc, "blobs(values) -> elements of an array of bytes or texts, or None.");

static PyObject *blobs(PyObject *module, PyObject *values)
{
    PyObject **items, *packed;
    Py_ssize_t count, total = 0;
    Text bytes;
    char *to;
    if (!items_of(values, &items, &count)) Py_RETURN_NONE;
    for (Py_ssize_t i = 0; i < count; i++) {
        int outcome = items[i] == Py_None ? DONE : bytes_of(items[i], &bytes);
        if (outcome != DONE) return answer(outcome, NULL);
        total += 4 + (items[i] == Py_None ? 0 : bytes.n);
        if (total > INT32_MAX) Py_RETURN_NONE;
    }
    if ((packed = PyBytes_FromStringAndSize(NULL, total)) == NULL) return NULL;
    to = PyBytes_AS_STRING(packed);
    for (Py_ssize_t i = 0; i < count; i++) {
        if (items[i] == Py_None) bytes = (Text){NULL, 0};
        else if (bytes_of(items[i], &bytes) != DONE) return answer(FAILED, packed); /* it was well above */
        put_big(to, items[i] == Py_None ? (uint64_t)-1 : (uint64_t)bytes.n, 4);
        if (bytes.n > 0) memcpy(to + 4, bytes.s, (size_t)bytes.n);
        to += 4 + bytes.n;
    }
    return packed;
}

/* ---------------------------------------------------------------------------------------------------- lives */
/* Stage 3 of the validator where nothing is to be told: what validation/lifecycle.py does to lives and containers. */

enum { AGGREGATION = 1, ASSOCIATION = 2, MOST_PARENTS = 3, NEVER_EMPTIED = -1, BEFORE = -1 };

typedef struct {
    int64_t key;
    int kind, since; /* since: the event that put it in, or BEFORE */
} Inside;

/* What is known of one thing; `fresh` is the event that named it first where the ledger has never seen it. */
typedef struct {
    int64_t key, last, ended;
    int fresh, emptied[3]; /* the last by kind */
    char used, is_seen, is_ended, is_begun, parents;
    Inside parent[MOST_PARENTS];
} Life;

typedef struct {
    PyObject *keys, *last, *ended, *begun, *known_parents, *transformed;
    Life *table;
    size_t mask;
    Py_ssize_t room; /* lives that may still be added */
    int index;       /* of the current event */
    int64_t at;      /* its time, as `micros_of` has it */
} Lives;

static Life *slot_of(Lives *lives, int64_t key)
{
    size_t i = (size_t)((uint64_t)key * 0x9e3779b97f4a7c15ULL >> 20) & lives->mask;
    while (lives->table[i].used && lives->table[i].key != key) i = (i + 1) & lives->mask;
    return &lives->table[i];
}

/* Take over what the ledger knows of a thing's containers. */
static int begin_parents(Life *life, PyObject *parents)
{
    if (!PyList_CheckExact(parents) || PyList_GET_SIZE(parents) > MOST_PARENTS) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(parents); i++) {
        PyObject *place = PyList_GET_ITEM(parents, i);
        long long key, kind;
        if (!PyTuple_CheckExact(place) || PyTuple_GET_SIZE(place) != 2) return ODD;
        if (number_of(PyTuple_GET_ITEM(place, 0), 8, &key) != DONE) return ODD;
        if (number_of(PyTuple_GET_ITEM(place, 1), 2, &kind) != DONE || kind < 1 || kind > 2) return ODD;
        life->parent[(int)life->parents++] = (Inside){key, (int)kind, BEFORE};
    }
    return DONE;
}

/* Take over what the ledger knows of a thing. */
static int begin_life(Lives *lives, Life *life, PyObject *key)
{
    PyObject *found;
    long long micros;
    int begun = PySet_Contains(lives->begun, key);
    if (begun < 0) return FAILED;
    life->is_begun = (char)begun;
    life->fresh = -1;
    for (int kind = 0; kind < 3; kind++) life->emptied[kind] = NEVER_EMPTIED;
    if ((found = PyDict_GetItemWithError(lives->last, key)) != NULL) {
        if (micros_of(found, 8, &micros) != DONE) return ODD;
        life->is_seen = 1, life->last = micros;
    } else if (PyErr_Occurred()) {
        return FAILED;
    }
    if ((found = PyDict_GetItemWithError(lives->ended, key)) != NULL) {
        if (!PyTuple_CheckExact(found) || PyTuple_GET_SIZE(found) != 2) return ODD;
        if (micros_of(PyTuple_GET_ITEM(found, 0), 8, &micros) != DONE) return ODD;
        life->is_ended = 1, life->ended = micros;
    } else if (PyErr_Occurred()) {
        return FAILED;
    }
    if ((found = PyDict_GetItemWithError(lives->known_parents, key)) != NULL) return begin_parents(life, found);
    return PyErr_Occurred() ? FAILED : DONE;
}

/* Give the life of what an event names. */
static int life_of(Lives *lives, PyObject *name, Life **life)
{
    PyObject *key;
    long long number;
    if (!PyUnicode_CheckExact(name)) return ODD;
    if ((key = PyDict_GetItemWithError(lives->keys, name)) == NULL) return PyErr_Occurred() ? FAILED : ODD;
    if (number_of(key, 8, &number) != DONE) return ODD;
    *life = slot_of(lives, number);
    if ((*life)->used) return DONE;
    if (lives->room-- <= 0) return ODD;
    (*life)->used = 1;
    (*life)->key = number;
    return begin_life(lives, *life, key);
}

/* See a thing at the event's time. */
static int touch(Lives *lives, PyObject *name)
{
    Life *life;
    TRY(life_of(lives, name, &life));
    if ((life->is_seen && lives->at < life->last) || (life->is_ended && lives->at > life->ended)) return ODD;
    if (!life->is_seen) life->fresh = lives->index;
    life->is_seen = 1;
    life->last = lives->at;
    return DONE;
}

static int touch_all(Lives *lives, PyObject *names)
{
    if (names == NULL) return DONE;
    if (!PyList_CheckExact(names)) return ODD;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(names); i++) TRY(touch(lives, PyList_GET_ITEM(names, i)));
    return DONE;
}

/* End a thing at the event's time; the first end counts. */
static int consume(Lives *lives, PyObject *name)
{
    Life *life;
    TRY(life_of(lives, name, &life));
    if (!life->is_ended || lives->at < life->ended) life->ended = lives->at;
    life->is_ended = 1;
    return DONE;
}

static int live_object(Lives *lives, PyObject *const *of)
{
    PyObject *names = of[EPCS];
    int adds = is_action(of[ACTION], "ADD"), ends = is_action(of[ACTION], "DELETE");
    Life *life;
    if (names == NULL) return DONE;
    if (of[ACTION] == NULL) return ODD;
    ends |= is_action(of[STEP], "destroying") || is_action(of[STEP], "decommissioning");
    ends |= is_action(of[DISPOSITION], "destroyed");
    TRY(touch_all(lives, names));
    for (Py_ssize_t i = 0; (adds || ends) && i < PyList_GET_SIZE(names); i++) {
        TRY(life_of(lives, PyList_GET_ITEM(names, i), &life));
        if (adds ? life->is_begun && !life->is_ended : life->fresh == lives->index && !life->is_begun) return ODD;
    }
    for (Py_ssize_t i = 0; (adds || ends) && i < PyList_GET_SIZE(names); i++) {
        TRY(life_of(lives, PyList_GET_ITEM(names, i), &life));
        if (adds) life->is_begun = 1;
        else TRY(consume(lives, PyList_GET_ITEM(names, i)));
    }
    return DONE;
}

/* Tell whether a thing still is where it was put: its container may have been emptied since. */
static int is_inside(Lives *lives, const Inside *place)
{
    const Life *parent = slot_of(lives, place->key);
    return place->since >= (parent->used ? parent->emptied[place->kind] : NEVER_EMPTIED);
}

/* Tell whether a container is not, over other ones, inside what is put into it; ODD where it is, or may be. */
static int is_apart(Lives *lives, int64_t key, int64_t container, int *steps)
{
    const Life *life = slot_of(lives, container);
    PyObject *number;
    int known;
    if (--*steps < 0) return ODD;
    for (int i = 0; life->used && i < life->parents; i++) {
        if (life->parent[i].key == key) return ODD;
        TRY(is_apart(lives, key, life->parent[i].key, steps));
    }
    if (life->used) return DONE;
    if ((number = PyLong_FromLongLong(container)) == NULL) return FAILED; /* no event has named it yet */
    known = PyDict_Contains(lives->known_parents, number);
    Py_DECREF(number);
    return known < 0 ? FAILED : known ? ODD : DONE;
}

/* Put one thing into a container; ODD where it is in another one. */
static int put_in(Lives *lives, Life *life, int64_t parent, int kind)
{
    Inside *place = NULL;
    int steps = DEEPEST;
    for (int i = 0; i < life->parents; i++) {
        if (life->parent[i].kind != kind) continue;
        if (life->parent[i].key == parent) place = &life->parent[i];
        else if (is_inside(lives, &life->parent[i])) return ODD;
    }
    if (place == NULL) {
        if (life->parents == MOST_PARENTS) return ODD;
        place = &life->parent[(int)life->parents++];
    }
    *place = (Inside){parent, kind, lives->index};
    return is_apart(lives, life->key, parent, &steps);
}

/* Take one thing out of a container; ODD where it is not in there. */
static int take_out(Lives *lives, Life *life, int64_t parent, int kind)
{
    for (int i = 0; i < life->parents; i++)
        if (life->parent[i].key == parent && life->parent[i].kind == kind) {
            if (!is_inside(lives, &life->parent[i])) return ODD;
            life->parent[i] = life->parent[(int)--life->parents];
            return DONE;
        }
    return ODD;
}

static int live_containment(Lives *lives, PyObject *const *of, int kind)
{
    PyObject *names = of[CHILDREN];
    int deletes = is_action(of[ACTION], "DELETE");
    Life *parent, *child;
    TRY(touch_all(lives, names));
    if (of[PARENT] == NULL) return DONE;
    if (of[ACTION] == NULL) return ODD;
    TRY(touch(lives, of[PARENT]));
    TRY(life_of(lives, of[PARENT], &parent));
    for (Py_ssize_t i = 0; names != NULL && i < PyList_GET_SIZE(names); i++) {
        TRY(life_of(lives, PyList_GET_ITEM(names, i), &child));
        TRY(deletes ? take_out(lives, child, parent->key, kind) : put_in(lives, child, parent->key, kind));
    }
    if (deletes && !is_filled(names) && !is_filled(of[CHILD_QUANTITIES])) parent->emptied[kind] = lives->index;
    return DONE;
}

static int is_among(PyObject *name, PyObject *names)
{
    for (Py_ssize_t i = 0; names != NULL && i < PyList_GET_SIZE(names); i++)
        if (PyUnicode_Compare(name, PyList_GET_ITEM(names, i)) == 0) return 1;
    return 0;
}

/* What stays under its number is not consumed. */
static int live_transformation(Lives *lives, PyObject *const *of)
{
    PyObject *inputs = of[INPUTS], *outputs = of[OUTPUTS];
    if (inputs != NULL && outputs != NULL && PyList_CheckExact(outputs) && PyList_GET_SIZE(outputs) > MOST_THINGS)
        return ODD;
    TRY(touch_all(lives, inputs)); /* all are texts from here on */
    if (inputs == NULL) return touch_all(lives, outputs);
    if (outputs != NULL && !PyList_CheckExact(outputs)) return ODD;
    for (Py_ssize_t i = 0; outputs != NULL && i < PyList_GET_SIZE(outputs); i++) {
        if (!PyUnicode_CheckExact(PyList_GET_ITEM(outputs, i))) return ODD;
        if (!is_among(PyList_GET_ITEM(outputs, i), inputs)) TRY(touch(lives, PyList_GET_ITEM(outputs, i)));
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(inputs); i++)
        if (!is_among(PyList_GET_ITEM(inputs, i), outputs)) TRY(consume(lives, PyList_GET_ITEM(inputs, i)));
    return DONE;
}

static int live(Lives *lives, PyObject *object)
{
    int64_t micros;
    Event event;
    Text text;
    TRY(read_event(object, &event));
    if (event.of[DECLARATION] || !ascii(event.of[EVENT_TIME], &text) || !moment(text, &micros)) return ODD;
    lives->at = micros - EPOCH_2000;
    if (!ascii(event.of[TYPE], &text)) return ODD;
    if (same(text, "ObjectEvent")) return live_object(lives, event.of);
    if (same(text, "AggregationEvent")) return live_containment(lives, event.of, AGGREGATION);
    if (same(text, "AssociationEvent")) return live_containment(lives, event.of, ASSOCIATION);
    if (same(text, "TransformationEvent")) {
        PyObject *place = PyLong_FromLong(lives->index);
        int failed = place == NULL || PyList_Append(lives->transformed, place) < 0;
        Py_XDECREF(place);
        return failed ? FAILED : live_transformation(lives, event.of);
    }
    if (!same(text, "TransactionEvent")) return DONE;
    TRY(touch_all(lives, event.of[EPCS]));
    return event.of[PARENT] ? touch(lives, event.of[PARENT]) : DONE;
}

PyDoc_STRVAR(uneventful_doc, "uneventful(events, keys, last, ended, begun, parents) -> the places of transformations, "
                             "where stage 3 has nothing to tell but of their masses, or None.");

static PyObject *uneventful(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    Lives lives;
    int outcome = DONE;
    if (count != 6 || !PyDict_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, uneventful_doc);
        return NULL;
    }
    if (!PyList_CheckExact(args[0]) || !PyDict_Check(args[2]) || !PyDict_Check(args[3]) || !PyAnySet_Check(args[4]) ||
        !PyDict_Check(args[5]) || PyDict_GET_SIZE(args[1]) == 0)
        Py_RETURN_NONE;
    lives = (Lives){args[1], args[2], args[3], args[4], args[5], PyList_New(0), NULL, 1, PyDict_GET_SIZE(args[1]), 0, 0};
    if (lives.transformed == NULL) return NULL;
    while (lives.mask < 2 * (size_t)lives.room) lives.mask *= 2;
    if ((lives.table = PyMem_Calloc(lives.mask, sizeof(Life))) == NULL) {
        Py_DECREF(lives.transformed);
        return PyErr_NoMemory();
    }
    lives.mask--;
    for (Py_ssize_t i = 0; outcome == DONE && i < PyList_GET_SIZE(args[0]); i++) {
        lives.index = (int)i;
        outcome = live(&lives, PyList_GET_ITEM(args[0], i));
    }
    PyMem_Free(lives.table);
    return answer(outcome, lives.transformed);
}

/* ---------------------------------------------------------------------------------------------------- module */

static PyMethodDef FUNCTIONS[] = {
    {"prehash", (PyCFunction)(void (*)(void))prehash, METH_FASTCALL, prehash_doc},
    {"prepared", (PyCFunction)(void (*)(void))prepared, METH_FASTCALL, prepared_doc},
    {"standard", (PyCFunction)(void (*)(void))standard, METH_FASTCALL, standard_doc},
    {"formed", (PyCFunction)(void (*)(void))formed, METH_FASTCALL, formed_doc},
    {"fine", (PyCFunction)(void (*)(void))fine, METH_FASTCALL, fine_doc},
    {"is_plain", is_plain, METH_O, is_plain_doc},
    {"opening", (PyCFunction)(void (*)(void))opening, METH_FASTCALL, opening_doc},
    {"leaves", (PyCFunction)(void (*)(void))leaves, METH_FASTCALL, leaves_doc},
    {"uneventful", (PyCFunction)(void (*)(void))uneventful, METH_FASTCALL, uneventful_doc},
    {"moment", moment_of, METH_O, moment_doc},
    {"numbers", (PyCFunction)(void (*)(void))numbers, METH_FASTCALL, numbers_doc},
    {"times", times, METH_O, times_doc},
    {"blobs", blobs, METH_O, blobs_doc},
    {NULL, NULL, 0, NULL}};

static struct PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "_quick", "Fast paths; see quick.c.", -1, FUNCTIONS,
                                    NULL, NULL, NULL, NULL};

static int interned(PyObject **name, const char *text) { return (*name = PyUnicode_InternFromString(text)) != NULL; }

/* Make the names that are looked up; they stay as long as the process. */
static int make_names(void)
{
    if (field_numbers != NULL) return 1;
    if (!interned(&s_id, "id") || !interned(&s_type, "type") || !interned(&s_context, "@context") ||
        !interned(&s_text, "#text") || !interned(&s_epc_class, "epcClass") || !interned(&s_quantity, "quantity") ||
        !interned(&s_uom, "uom") || !interned(&s_transaction, "bizTransaction") || !interned(&s_source, "source") ||
        !interned(&s_destination, "destination") || (field_numbers = PyDict_New()) == NULL)
        return 0;
    for (long i = 0; i < FIELDS; i++) {
        PyObject *number = PyLong_FromLong(i);
        int failed = number == NULL || PyDict_SetItemString(field_numbers, FIELD_NAMES[i], number) < 0;
        Py_XDECREF(number);
        if (failed) return 0;
    }
    return 1;
}

PyMODINIT_FUNC PyInit__quick(void)
{
    PyObject *module;
    PyDateTime_IMPORT;
    if (PyDateTimeAPI == NULL) return NULL;
#if HAS_SHA_CODE
    if (has_sha()) sha_blocks = sha_quick;
#endif
    if (!make_names() || (module = PyModule_Create(&MODULE)) == NULL) return NULL;
    if (PyModule_AddStringConstant(module, "SOURCE", SOURCE) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
