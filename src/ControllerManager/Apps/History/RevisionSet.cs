using k8s.Models;

namespace MiniKube.ControllerManager.Apps.History;

/// <summary>The revisions of a workload at one moment.</summary>
/// <param name="Update">The one with the template of now.</param>
/// <param name="All">All of them, the oldest first, <paramref name="Update"/> among them.</param>
/// <param name="Collisions">What status.collisionCount is to be.</param>
internal sealed record RevisionSet(V1ControllerRevision Update, IReadOnlyList<V1ControllerRevision> All, int? Collisions)
{
    public IEnumerable<V1ControllerRevision> Old => All.Where(revision => revision.Metadata?.Name != Update.Metadata?.Name);

    public V1ControllerRevision? Find(string? name) => All.FirstOrDefault(revision => revision.Metadata?.Name == name);
}
