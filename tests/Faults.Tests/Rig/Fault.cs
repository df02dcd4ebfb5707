namespace MiniKube.Faults.Tests.Rig;

/// <summary>What can happen to a cluster, and how it is mended.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Inject">Lets it happen.</param>
/// <param name="Heal">Mends it; what was killed is started again.</param>
internal sealed record Fault(string Name, Func<Task> Inject, Func<Task> Heal)
{
    public override string ToString() => Name;
}
