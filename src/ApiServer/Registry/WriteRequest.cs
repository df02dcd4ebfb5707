using MiniKube.ApiServer.Authentication;
using MiniKube.Storage;

namespace MiniKube.ApiServer.Registry;

/// <summary>What every write has: which object, by whom, and under which conditions.</summary>
/// <param name="Resource">The kind of object.</param>
/// <param name="Namespace">Empty for cluster-scoped kinds.</param>
/// <param name="Name">Empty for a create.</param>
/// <param name="User">Who writes.</param>
/// <param name="Subresource">Such as <c>status</c>; empty for the object itself.</param>
/// <param name="DryRun">Everything but the commit.</param>
/// <param name="Fence">What a leader's write depends on; null for everybody else.</param>
/// <param name="FieldManager">Who comes to own the fields that change; null for writes that upstream does not record (deletion, binding).</param>
internal sealed record WriteRequest(
    ServedResource Resource,
    string Namespace,
    string Name,
    UserInfo User,
    string Subresource = "",
    bool DryRun = false,
    Compare? Fence = null,
    string? FieldManager = null)
{
    public ResourceStrategy Strategy => Resource.Strategy;

    /// <summary>What the client is told besides the answer; null when nobody listens.</summary>
    public ICollection<string>? Warnings { get; init; }

    public string StoreKey => Resource.StoreKey(Namespace, Name);

    /// <summary>Each warning is told once, however often the write is tried.</summary>
    public void Warn(IEnumerable<string> warnings)
    {
        if (Warnings is not { } told)
        {
            return;
        }

        foreach (var warning in warnings)
        {
            if (!told.Contains(warning))
            {
                told.Add(warning);
            }
        }
    }
}
