//! Against an OpenID provider on a loopback socket.
