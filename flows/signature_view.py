"""A digital signature as a clerk reads it: who, when, and whether the file is as it was signed."""

from datetime import timedelta, timezone

from ocr.messages import on_one_line
from ocr.signature import PdfSignature, SignatureKind, SignatureState, TimeSource

# Viet Nam has one time zone and no summer time.
VIETNAM = timezone(timedelta(hours=7))

_STATES = {
    SignatureState.INTACT: "nguyên vẹn",
    SignatureState.CHANGED_LATER: "tệp bị sửa sau khi ký",
    SignatureState.ALTERED: "nội dung đã bị sửa",
    SignatureState.UNREADABLE: "không đọc được chữ ký",
}
_NOTES = {
    "unsupported-filter": "kiểu chữ ký không hỗ trợ",
    "broken-signature": "chữ ký bị hỏng",
    "unreadable-file": "tệp bị hỏng",
    "took-too-long": "kiểm tra quá lâu",
    "too-large": "kiểm tra quá giới hạn",
}
_WEAKNESSES = {
    "md5": "hàm băm MD5 đã lỗi thời",
    "sha1": "hàm băm SHA-1 đã lỗi thời",
    "certificate-expired": "chứng thư đã hết hạn khi ký",
    "certificate-not-yet-valid": "chứng thư chưa có hiệu lực khi ký",
    "timestamp-broken": "dấu thời gian không hợp lệ",
}


def is_sound(signature: PdfSignature) -> bool:
    """True when the bytes are as signed and nothing lessens that; the signer's certificate was not followed up."""
    return signature.state is SignatureState.INTACT and not signature.weaknesses


def signature_line(signature: PdfSignature) -> str:
    """Return one line: `Chữ ký số: <organisation> (<signer>), ký lúc 07/01/2025 10:26 (dấu thời gian), nguyên vẹn`."""
    heading = "Dấu thời gian" if signature.kind is SignatureKind.TIMESTAMP else "Chữ ký số"
    names = [name for name in (signature.organization, signature.signer) if name]
    who = f"{names[0]} ({names[1]})" if len(set(names)) == 2 else names[0] if names else "không rõ người ký"
    parts = [who]
    if signature.signed_at:
        source = "dấu thời gian" if signature.time_source is TimeSource.TIMESTAMP_TOKEN else "theo máy người ký"
        parts.append(f"ký lúc {signature.signed_at.astimezone(VIETNAM):%d/%m/%Y %H:%M} ({source})")
    parts.append(_STATES[signature.state])
    if signature.note:
        parts.append(_NOTES.get(signature.note, signature.note))
    parts += [_weakness(word) for word in signature.weaknesses]
    if signature.state is not SignatureState.UNREADABLE:
        parts.append("chưa xác minh chứng thư")
    return on_one_line(f"{heading}: {', '.join(parts)}")


def _weakness(word: str) -> str:
    if word.startswith("rsa-"):
        return f"khóa RSA {word.removeprefix('rsa-')} bit quá ngắn"
    return _WEAKNESSES.get(word, word)
