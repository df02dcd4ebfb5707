namespace MiniKube.ApiServer.Authentication;

/// <summary>A token is of a kind that is known and is not good; the message says why, to who may ask with a TokenReview. Everybody else is told only 401.</summary>
internal sealed class TokenException(string message) : Exception(message);
