"""What we found, for people: one file for each form.

Rule of this package: values in, text or bytes out. It prints nothing and writes no file.
"""
