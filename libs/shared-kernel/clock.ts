/** Tells the time. The domain never asks for it by itself; it is handed in. */
export abstract class Clock {
  /** The present instant. Windows and expiry are judged by the database's clock, which the adapter follows. */
  abstract now(): Date;
}
