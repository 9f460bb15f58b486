// Throws where exceptions are off.
inline void refuse()
{
    throw 1;
}
