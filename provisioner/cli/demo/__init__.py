"""What `provisioner demo` tells: files, evidence, filing, tampering, and the words for it all.

The company is made up, and so is everybody in it. Everything follows from `today`, so that a demo
shown twice on one day is the same demo.
"""
