using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Admission;

/// <summary>Gives every pod the priority of its PriorityClass, or of the one that is the default; without any it is 0. Only one class may be the default.</summary>
internal sealed class PriorityAdmission(Cacher classes, CacheReads reads) : IMutatingAdmission, IValidatingAdmission
{
    public const string Name = "Priority";

    private static readonly GroupVersionKind Pod = new("", "v1", "Pod");
    private static readonly GroupVersionKind PriorityClass = new("scheduling.k8s.io", "v1", "PriorityClass");

    // Most pods name no class: the default is looked for once a state of the classes.
    private volatile Default _default = new(CacheSnapshot.Empty, null);

    public async ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        if (attributes is not { Object: { } pod, Request.Subresource: "" } || attributes.Request.Resource.Kind != Pod)
        {
            return;
        }

        var spec = pod.GetOrAddObject("spec");
        if (attributes.Old is { } old)
        {
            // A client that does not know these fields cannot mean to change them.
            Keep(spec, old, "priority");
            Keep(spec, old, "preemptionPolicy");
            return;
        }

        var chosen = spec.StringAt("priorityClassName") is { Length: > 0 } name
            ? await FindAsync(name, cancellationToken)
                ?? throw StatusException.Forbidden(attributes.Request.Resource.Name, attributes.Request.Name, $"no PriorityClass with name {name} was found")
            : FindDefault();
        Set(spec, chosen, attributes.Request);
    }

    public ValueTask ValidateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        var request = attributes.Request;
        return attributes.Object.BooleanAt("globalDefault") == true && request.Resource.Kind == PriorityClass
            && FindDefault().StringAt("metadata", "name") is { } other && other != request.Name
            ? throw StatusException.Forbidden(
                request.Resource.Name, request.Name, $"PriorityClass {other} is already marked as default. Only one default can exist")
            : ValueTask.CompletedTask;
    }

    private static void Set(JsonObject spec, JsonObject? chosen, WriteRequest request)
    {
        var priority = chosen.IntegerAt("value") ?? 0;
        var policy = chosen.StringAt("preemptionPolicy") ?? "PreemptLowerPriority";
        if (spec.IntegerAt("priority") is { } given && given != priority)
        {
            throw StatusException.Forbidden(
                request.Resource.Name,
                request.Name,
                $"the integer value of priority ({given}) must not be provided in pod spec; priority admission controller computed {priority} from the given PriorityClass name");
        }

        if (spec.StringAt("preemptionPolicy") is { } wanted && wanted != policy)
        {
            throw StatusException.Forbidden(
                request.Resource.Name,
                request.Name,
                $"the string value of PreemptionPolicy ({wanted}) must not be provided in pod spec; priority admission controller computed {policy} from the given PriorityClass name");
        }

        spec["priority"] = priority;
        spec["preemptionPolicy"] = policy;
        if (chosen.StringAt("metadata", "name") is { } name)
        {
            spec["priorityClassName"] = name;
        }
    }

    private static void Keep(JsonObject spec, JsonObject old, string name)
    {
        if (old.At("spec", name) is { } value)
        {
            spec.SetDefault(name, value.DeepClone());
        }
    }

    private async ValueTask<JsonObject?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (classes.Snapshot.Objects.Find(name) is not { } found)
        {
            // It may have been made a moment ago: look once more at the newest state.
            await reads.WaitForNewestAsync(cancellationToken);
            found = classes.Snapshot.Objects.Find(name);
        }

        return found is null ? null : ObjectCodec.Parse(found.Json.Span);
    }

    /// <summary>Of several, which only a race can make, the least.</summary>
    private JsonObject? FindDefault()
    {
        var snapshot = classes.Snapshot;
        if (_default.Of != snapshot)
        {
            JsonObject? least = null;
            snapshot.Objects.VisitPrefix("", "", found =>
            {
                var parsed = ObjectCodec.Parse(found.Json.Span);
                if (parsed.BooleanAt("globalDefault") == true && (least is null || parsed.IntegerAt("value") < least.IntegerAt("value")))
                {
                    least = parsed;
                }

                return true;
            });
            _default = new Default(snapshot, least);
        }

        return _default.Class;
    }

    private sealed record Default(CacheSnapshot Of, JsonObject? Class);
}
