namespace MiniKube.Scheduler.Framework;

/// <summary>A plugin's verdict, with the reasons that a user reads in <c>0/3 nodes are available: …</c>. Shared: plugins hold their constant ones.</summary>
internal sealed class PluginStatus
{
    public static readonly PluginStatus Success = new(StatusCode.Success, []);

    private PluginStatus(StatusCode code, IReadOnlyList<string> reasons)
    {
        Code = code;
        Reasons = reasons;
    }

    public StatusCode Code { get; }

    public IReadOnlyList<string> Reasons { get; }

    public bool IsSuccess => Code == StatusCode.Success;

    public static PluginStatus Unschedulable(params IReadOnlyList<string> reasons) => new(StatusCode.Unschedulable, reasons);

    public static PluginStatus Unresolvable(params IReadOnlyList<string> reasons) => new(StatusCode.UnschedulableAndUnresolvable, reasons);
}
