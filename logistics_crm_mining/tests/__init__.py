from . import test_copy_frame
