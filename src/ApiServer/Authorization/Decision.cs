namespace MiniKube.ApiServer.Authorization;

/// <summary>An authorizer's answer; the reason is shown to the user when it is no.</summary>
internal readonly record struct Decision(bool IsAllowed, string Reason = "")
{
    public static Decision Allowed { get; } = new(true);

    public static Decision Denied { get; } = new(false);
}
