namespace MiniKube.ApiServer.Authentication;

/// <summary>Whom a token stands for, and at which of the asked audiences it is meant to be shown.</summary>
internal sealed record TokenIdentity(UserInfo User, IReadOnlyList<string> Audiences);
