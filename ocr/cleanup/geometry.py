"""Where a point of one picture lies in another: 3x3 matrices, and warping by them.

All matrices work on page coordinates, as boxes do: x to the right, y down, pixel edges at whole numbers, so that the
middle of the first pixel is (0.5, 0.5).
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.page import Matrix

Transform = NDArray[np.float64]


def as_matrix(values: Matrix) -> Transform:
    """Return nine stored values as a 3x3 matrix."""
    return np.array(values, dtype=np.float64).reshape(3, 3)


def as_values(matrix: Transform) -> Matrix:
    """Return a 3x3 matrix as nine values to store, the last one 1."""
    a, b, c, d, e, f, g, h, i = (matrix / matrix[2, 2]).ravel().tolist()
    return (a, b, c, d, e, f, g, h, i)


def scaling(x: float, y: float) -> Transform:
    """Return the matrix that makes a picture `x` times as wide and `y` times as high."""
    return np.diag([x, y, 1.0])


def shift(x: float, y: float) -> Transform:
    """Return the matrix that moves a picture by `x` and `y` pixels."""
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], dtype=np.float64)


def quarter_turn_back(width: float, height: float, clockwise_deg: int) -> Transform:
    """Return the matrix from a picture turned by 0, 90, 180 or 270 degrees back to the one of `width` x `height`."""
    matrices = {
        0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        90: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
        180: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        270: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
    }
    return np.array(matrices[clockwise_deg], dtype=np.float64)


def level_back(size: tuple[float, float], angle_deg: float) -> tuple[Transform, tuple[float, float]]:
    """Return the matrix from a straightened picture back to the skewed one, and the size of the straightened one.

    Args:
        size: Width and height of the skewed picture.
        angle_deg: Counter-clockwise turn that straightens it. Nothing is cut off: the picture grows.
    """
    width, height = size
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    level_width = width * abs(cosine) + height * abs(sine)
    level_height = width * abs(sine) + height * abs(cosine)
    turn = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]], dtype=np.float64)
    return shift(width / 2, height / 2) @ turn @ shift(-level_width / 2, -level_height / 2), (level_width, level_height)


def through(matrix: Transform, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return `points`, shape `(n, 2)`, after `matrix`."""
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return moved[:, :2] / moved[:, 2:]


def warp(
    picture: NDArray[np.uint8], to_source: Transform, size: tuple[int, int], paper: int = 255
) -> NDArray[np.uint8]:
    """Return the picture of `size` (width, height) whose point p shows what `picture` has at `to_source` of p.

    Points outside `picture` get the level `paper`. Whole-pixel moves and quarter turns copy pixels as they are.
    """
    # OpenCV counts from the middle of the first pixel.
    matrix = shift(-0.5, -0.5) @ to_source @ shift(0.5, 0.5)
    is_whole = bool(np.allclose(matrix, np.rint(matrix), atol=1e-4))
    interpolation = cv2.INTER_NEAREST if is_whole else cv2.INTER_CUBIC
    flags = interpolation | cv2.WARP_INVERSE_MAP
    border = (paper,) * (picture.shape[2] if picture.ndim == 3 else 1)
    if is_whole or np.allclose(matrix[2], (0, 0, 1)):
        affine = np.rint(matrix[:2]) if is_whole else matrix[:2]
        moved = cv2.warpAffine(picture, affine, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=border)
    else:
        moved = cv2.warpPerspective(
            picture, matrix, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=border
        )
    return cast("NDArray[np.uint8]", moved)
