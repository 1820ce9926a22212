import pytest

from visage.serving.form import FormError, photo_in_form

TYPE = "multipart/form-data; boundary=b"


def part(content: bytes, *, name: bytes = b"photo") -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="' + name + b'"; filename="x.jpg"\r\n'
    return head + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n"


@pytest.mark.parametrize("content", [b"abc", b"\r\n--", b"--b", b"\r\n--c\r\n", bytes(range(256))])
def test_photo_comes_out_as_it_went_in(content: bytes) -> None:
    assert photo_in_form(part(content) + b"--b--\r\n", TYPE) == content


def test_other_fields_are_passed_over_and_the_first_photo_counts() -> None:
    body = part(b"other", name=b"text") + part(b"first") + part(b"second") + b"--b--\r\n"
    assert photo_in_form(body, TYPE) == b"first"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form",
        b"--b--\r\n",
        part(b"text", name=b"other") + b"--b--\r\n",
        part(b"breaks off")[:-2],
        part(b"x", name=b"other") * 9 + part(b"late") + b"--b--\r\n",
        b"--b\r\n" + b"x: y\r\n" * 50 + b"\r\nabc\r\n--b--\r\n",
        part(b"\r\n--bx" * 9) + b"--b--\r\n",
        b"--b\r\nx: " + b"y" * 9000 + b"\r\n\r\nabc\r\n--b--\r\n",
    ],
)
def test_form_without_a_whole_photo_is_refused(body: bytes) -> None:
    with pytest.raises(FormError):
        photo_in_form(body, TYPE)


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=" + "b" * 300]
)
def test_form_without_a_usable_boundary_is_refused(content_type: str) -> None:
    with pytest.raises(FormError):
        photo_in_form(part(b"abc"), content_type)
