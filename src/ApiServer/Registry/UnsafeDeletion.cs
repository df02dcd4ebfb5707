using MiniKube.Api.Errors;
using MiniKube.ApiServer.Authorization;
using MiniKube.ApiServer.Filters;
using MiniKube.Storage;

namespace MiniKube.ApiServer.Registry;

/// <summary>
/// Takes a value out of the store that nobody can read (KEP-3926): without finalizers, preconditions or grace, since nothing is known of the object. Needs a
/// permission of its own.
/// </summary>
internal sealed class UnsafeDeletion(IKeyValueStore storage, IAuthorizer authorizer)
{
    private const string Verb = "unsafe-delete-ignore-read-errors";

    public async Task DeleteAsync(WriteRequest request, CancellationToken cancellationToken)
    {
        await CheckPermissionAsync(request, cancellationToken);
        for (var isDeleted = false; !isDeleted;)
        {
            var found = (await storage.RangeAsync(new RangeQuery(KeyRange.Single(request.StoreKey)), cancellationToken)).Items;
            if (found is not [var item])
            {
                throw StatusException.NotFound(request.Resource.Name, request.Name);
            }

            CheckUnreadable(request, item);
            var transaction = new Transaction([new Compare(item.Key, item.ModRevision)], [Operation.Delete(item.Key)]);
            isDeleted = (await storage.CommitAsync(transaction, cancellationToken)).Succeeded;
        }
    }

    private async ValueTask CheckPermissionAsync(WriteRequest request, CancellationToken cancellationToken)
    {
        var resource = request.Resource.Name;
        var question = new RequestInfo
        {
            Path = "",
            Verb = Verb,
            IsResourceRequest = true,
            Group = resource.Group,
            Version = resource.Version,
            Resource = resource.Resource,
            Name = request.Name,
            Namespace = request.Namespace,
        };
        var decision = await authorizer.AuthorizeAsync(request.User, question, cancellationToken);
        if (!decision.IsAllowed)
        {
            throw StatusException.Forbidden(resource, request.Name, $"not permitted to do \"{Verb}\", reason: {decision.Reason}");
        }
    }

    private static void CheckUnreadable(WriteRequest request, KeyValue item)
    {
        try
        {
            request.Resource.Cacher.Read(item);
        }
        catch (StatusException)
        {
            return;
        }

        throw StatusException.Invalid(
            request.Resource.Kind with { Kind = request.Resource.Name.Resource },
            request.Name,
            [
                FieldError.Invalid(
                    "ignoreStoreReadErrorWithClusterBreakingPotential", true, "is exclusively used to delete corrupt object(s), try again by removing this option"),
            ]);
    }
}
