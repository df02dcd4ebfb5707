using MiniKube.Api.Meta;

namespace MiniKube.Client.Metadata;

/// <summary>One resource that the server has, in its group's preferred version.</summary>
public sealed record ApiResource(GroupVersionResource Resource, string Kind, bool Namespaced, IReadOnlyList<string> Verbs)
{
    public bool Supports(params ReadOnlySpan<string> verbs)
    {
        foreach (var verb in verbs)
        {
            if (!Verbs.Contains(verb))
            {
                return false;
            }
        }

        return true;
    }
}
