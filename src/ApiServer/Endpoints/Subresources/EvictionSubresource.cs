using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Selectors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Subresources;

/// <summary>
/// <c>pods/name/eviction</c>: a deletion that the pod's PodDisruptionBudget has a say in. The budget's allowance is taken down first, by a guaranteed update, so that
/// many evictions at once never disrupt more than it allows.
/// </summary>
internal sealed class EvictionSubresource(
    UpdateOperation update, DeleteOperation delete, ServedResource budgets, CacheReads reads, TimeProvider clock) : ISubresource
{
    public string Name => "eviction";

    public GroupVersionKind Kind { get; } = new("policy", "v1", "Eviction");

    public IReadOnlyList<string> Verbs => ["create"];

    public bool Serves(ServedResource resource) => resource.Kind == new GroupVersionKind("", "v1", "Pod");

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        if (request.Info.Verb != "create")
        {
            throw StatusException.MethodNotAllowed();
        }

        var write = WriteQuery.Read(request, resource, "CreateOptions");
        var options = await ReadAsync(request, write);

        // What the server itself changes on the way is not the client's.
        write = write with { DryRun = options.DryRun, FieldManager = null };
        await EvictAsync(write, options, request.Cancellation);
        await Answer.WriteStatusAsync(request, new()
        {
            ApiVersion = "v1",
            Kind = "Status",
            Metadata = new(),
            Status = "Success",
            Code = StatusCodes.Status201Created,
        });
    }

    private async ValueTask<DeleteOptions> ReadAsync(ApiRequest request, WriteRequest write)
    {
        var body = await RequestBody.ReadAsync(request.Http.Request, request.Cancellation);
        var eviction = BodyDecoder.DecodeOptions(body.Span, request.Http.Request.ContentType, Kind);
        if (eviction.StringAt("apiVersion") is { Length: > 0 } version and not ("policy/v1" or "policy/v1beta1"))
        {
            throw StatusException.BadRequest($"the API version in the data ({version}) does not match the expected API version (policy/v1)");
        }

        ObjectMetadata.EnsureNamespace(eviction, write.Namespace);
        if (eviction.StringAt("metadata", "name") != write.Name)
        {
            throw StatusException.BadRequest("name in URL does not match name in Eviction object");
        }

        var options = eviction.ObjectAt("deleteOptions") is { } given ? DeleteOptionsReader.FromJson(given) : DeleteOptions.Default;
        return options with { DryRun = options.DryRun || write.DryRun };
    }

    private async Task EvictAsync(WriteRequest write, DeleteOptions options, CancellationToken cancellationToken)
    {
        await reads.WaitForNewestAsync(cancellationToken);
        var found = write.Resource.Cacher.Snapshot.Objects.Find(write.Resource.CacheKey(write.Namespace, write.Name))
            ?? throw StatusException.NotFound(write.Resource.Name, write.Name);
        var pod = ObjectCodec.Parse(found.Json.Span);
        if (DisruptionRules.IsFree(pod))
        {
            await DeleteAsync(write, options, pod, mustBeSame: pod.StringAt("status", "phase") == "Pending" && !ObjectMetadata.IsDeleting(pod), cancellationToken);
            return;
        }

        var budget = BudgetOf(pod);
        var isUnhealthy = budget is not null && DisruptionRules.AllowsUnhealthy(budget, pod);
        if (budget is not null && !isUnhealthy)
        {
            await TakeAsync(write, budget, cancellationToken);
        }

        try
        {
            await DeleteAsync(write, options, pod, mustBeSame: isUnhealthy, cancellationToken);
        }
        catch (StatusException error) when (error.Reason == "Conflict" && isUnhealthy && options.ResourceVersion is null)
        {
            // It may have become ready meanwhile, and then it counts.
            throw DisruptionRules.StillProcessed(budget.StringAt("metadata", "name") ?? "");
        }
    }

    private JsonObject? BudgetOf(JsonObject pod)
    {
        var labels = pod.ObjectAt("metadata", "labels")?.ToDictionary(label => label.Key, label => label.Value?.ToString() ?? "") ?? [];
        var matching = new List<JsonObject>();
        budgets.Cacher.Snapshot.Objects.VisitPrefix($"{pod.StringAt("metadata", "namespace")}/", "", candidate =>
        {
            var budget = ObjectCodec.Parse(candidate.Json.Span);
            if (Chooses(budget, labels))
            {
                matching.Add(budget);
            }

            return true;
        });
        return matching.Count > 1
            ? throw new StatusException(new V1Status
            {
                ApiVersion = "v1",
                Kind = "Status",
                Metadata = new V1ListMeta(),
                Status = "Failure",
                Message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
                Code = StatusCodes.Status500InternalServerError,
            })
            : matching.FirstOrDefault();
    }

    // A budget without a selector, or with an empty one in an old version, chooses nothing here rather than everything.
    private static bool Chooses(JsonObject budget, Dictionary<string, string> labels)
    {
        if (budget.ObjectAt("spec", "selector") is not { } given)
        {
            return false;
        }

        var selector = LabelSelector.From(ModelCodec.ToModel<V1LabelSelector>(given));
        return !selector.MatchesEverything && selector.MatchesLabels(labels);
    }

    private async Task TakeAsync(WriteRequest write, JsonObject budget, CancellationToken cancellationToken)
    {
        var name = budget.StringAt("metadata", "name") ?? "";
        var take = new ObjectUpdate(UpdateScope.Internal, (current, _) =>
        {
            var taken = DisruptionRules.Take(current ?? throw StatusException.NotFound(budgets.Name, name), write.Name, clock.GetUtcNow());
            return ValueTask.FromResult(taken);
        });
        await update.UpdateAsync(new WriteRequest(budgets, write.Namespace, name, write.User, "status", write.DryRun, FieldManager: "kube-apiserver"), take, cancellationToken);
    }

    /// <summary>Says in the pod's status why it goes, then deletes it: this pod, not another one of its name.</summary>
    private async Task DeleteAsync(WriteRequest write, DeleteOptions options, JsonObject pod, bool mustBeSame, CancellationToken cancellationToken)
    {
        options = options with { Uid = options.Uid ?? pod.StringAt("metadata", "uid") };
        if (mustBeSame && options.ResourceVersion is null)
        {
            options = options with { ResourceVersion = pod.StringAt("metadata", "resourceVersion") };
        }

        if (!write.DryRun)
        {
            var tell = new ObjectUpdate(UpdateScope.Internal, (current, _) => ValueTask.FromResult(
                Tell(current ?? throw StatusException.NotFound(write.Resource.Name, write.Name), options, write)));
            var told = await update.UpdateAsync(write with { Subresource = "status" }, tell, cancellationToken);
            if (options.ResourceVersion is not null)
            {
                options = options with { ResourceVersion = ObjectCodec.Parse(told.Json.Span).StringAt("metadata", "resourceVersion") };
            }
        }

        await delete.DeleteAsync(write with { Subresource = "" }, options, cancellationToken);
    }

    private JsonObject Tell(JsonObject current, DeleteOptions options, WriteRequest write)
    {
        DeleteOperation.CheckPreconditions(write, options, current);
        var pod = (JsonObject)current.DeepClone();
        PodConditions.Set(pod, "DisruptionTarget", "True", clock.GetUtcNow(), "EvictionByEvictionAPI", "Eviction API: evicting");
        return pod;
    }
}
