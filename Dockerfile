# The two commands of the README in a container.  No Docker has run this file; its steps
# are those of `make check-platforms`, which gives them to empty Debian folders.
#
#     docker build -t measured-descent . && docker run --rm measured-descent
FROM debian:12
WORKDIR /book
COPY bootstrap .
RUN ./bootstrap
COPY . .
CMD ["make", "check", "book"]
