//! Walks one packet hop by hop and says why.
