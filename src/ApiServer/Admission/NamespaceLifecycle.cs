using System.Collections.Concurrent;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Admission;

/// <summary>Nothing is created in a namespace that does not exist or is being deleted; the namespaces that every cluster has cannot be deleted.</summary>
internal sealed class NamespaceLifecycle(Cacher namespaces, CacheReads reads, TimeProvider clock) : IMutatingAdmission, IValidatingAdmission
{
    public const string Name = "NamespaceLifecycle";

    private static readonly GroupVersionResource Namespaces = new("", "v1", "namespaces");
    private static readonly string[] Immortal = ["default", "kube-system", "kube-public"];

    // Upstream's forceLiveLookupTTL: so long the cache may be behind what was asked of this server.
    private static readonly TimeSpan DeletionIsNews = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, long> _deletedAt = new(StringComparer.Ordinal);

    public async ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        var request = attributes.Request;
        if (attributes.Operation != AdmissionOperation.Create || request.Namespace.Length == 0 || request.Subresource.Length > 0)
        {
            return;
        }

        if (namespaces.Snapshot.Objects.Find(request.Namespace) is not { } found || IsDeletionNews(request.Namespace))
        {
            // It may have been made, or its deletion begun, a moment ago: look at the newest state.
            await reads.WaitForNewestAsync(cancellationToken);
            found = namespaces.Snapshot.Objects.Find(request.Namespace) ?? throw StatusException.NotFound(Namespaces, request.Namespace);
        }

        if (found.Field("status.phase") == "Terminating")
        {
            throw Terminating(request);
        }
    }

    public ValueTask ValidateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        var request = attributes.Request;
        if (attributes.Operation == AdmissionOperation.Delete && request.Resource.Name == Namespaces)
        {
            if (Immortal.Contains(request.Name))
            {
                throw StatusException.Forbidden(Namespaces, request.Name, "this namespace may not be deleted");
            }

            RememberDeletion(request.Name);
        }

        return ValueTask.CompletedTask;
    }

    private bool IsDeletionNews(string name) => _deletedAt.TryGetValue(name, out var at) && clock.GetElapsedTime(at) <= DeletionIsNews;

    private void RememberDeletion(string name)
    {
        foreach (var old in _deletedAt.Where(entry => clock.GetElapsedTime(entry.Value) > DeletionIsNews))
        {
            _deletedAt.TryRemove(old);
        }

        _deletedAt[name] = clock.GetTimestamp();
    }

    private static StatusException Terminating(WriteRequest request)
    {
        var error = StatusException.Forbidden(
            request.Resource.Name,
            request.Name,
            $"unable to create new content in namespace {request.Namespace} because it is being terminated");
        error.Status.Details.Causes =
        [
            new V1StatusCause
            {
                Reason = "NamespaceTerminating",
                Message = $"namespace {request.Namespace} is being terminated",
                Field = "metadata.namespace",
            },
        ];
        return error;
    }
}
