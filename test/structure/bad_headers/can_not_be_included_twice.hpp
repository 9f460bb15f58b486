// Has no include guard.
struct twice {};
