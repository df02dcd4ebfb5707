namespace MiniKube.Scheduler.Framework;

/// <summary>What a plugin says of a pod and a node.</summary>
internal enum StatusCode
{
    Success,

    /// <summary>Not now; removing pods of lower priority may help.</summary>
    Unschedulable,

    /// <summary>Not now, and no removal of pods would help.</summary>
    UnschedulableAndUnresolvable,
}
