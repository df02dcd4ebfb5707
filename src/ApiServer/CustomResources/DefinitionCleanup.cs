using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Bootstrap;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;
using MiniKube.Storage;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>Deletes the objects of a definition that is deleted, as anybody's DELETE would: finalizers of objects are waited for.</summary>
internal sealed class DefinitionCleanup(
    IKeyValueStore store, ResourceCatalog catalog, DeleteOperation delete, Func<ObjectReader, Cacher> makeCacher, ILogger<ObjectReader> logger)
{
    public async Task<CleanupOutcome> DeleteObjectsAsync(JsonObject definition, CancellationToken cancellationToken)
    {
        if (!Resources.ApiExtensions.DefinitionConditions.IsTrue(definition, Resources.ApiExtensions.DefinitionConditions.Established))
        {
            return new CleanupOutcome(true, "NeverEstablished", "resource was never established");
        }

        var resource = StoredResource(definition);
        if (catalog.Find(resource.Name) is { Strategy: not CustomResourceStrategy } builtIn && builtIn.Cacher.Prefix == resource.Cacher.Prefix)
        {
            return new CleanupOutcome(true, "OverlappingBuiltInResource", "instances overlap with built-in resources in storage");
        }

        try
        {
            await DeleteAllAsync(resource, cancellationToken);
        }
        catch (Exception error) when (error is StatusException or StorageException)
        {
            return new CleanupOutcome(false, "InstanceDeletionFailed", $"could not issue all deletes: {error.Message}");
        }

        var left = await store.RangeAsync(new RangeQuery(KeyRange.Prefix(resource.Cacher.Prefix), CountOnly: true), cancellationToken);
        return left.Count == 0
            ? new CleanupOutcome(true, "InstanceDeletionCompleted", "removed all instances")
            : new CleanupOutcome(false, "InstanceDeletionCheck", "could not confirm zero CustomResources remaining: timed out waiting for the condition");
    }

    // The version that objects are stored in need not be served: the resource is made for this alone, with a cache that stays empty.
    private ServedResource StoredResource(JsonObject definition)
    {
        var text = JsonCodec.WriteValue(definition);
        var read = Definition.Read(text);
        var stored = read with { Versions = [.. read.Versions.Where(version => version.IsStored).Select(version => version with { IsServed = true })] };
        return CustomResourceSet.Create(stored, text, makeCacher, logger).Resources[0];
    }

    private async Task DeleteAllAsync(ServedResource resource, CancellationToken cancellationToken)
    {
        var prefix = resource.Cacher.Prefix;
        var objects = await store.RangeAsync(new RangeQuery(KeyRange.Prefix(prefix)), cancellationToken);
        foreach (var key in objects.Items.Select(item => item.Key[prefix.Length..]))
        {
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            var request = new WriteRequest(resource, slash < 0 ? "" : key[..slash], key[(slash + 1)..], SystemWriter.User);
            try
            {
                await delete.DeleteAsync(request, new DeleteOptions(), cancellationToken);
            }
            catch (StatusException error) when (error.Code is StatusCodes.Status404NotFound)
            {
                // Another server was faster.
                continue;
            }
        }
    }
}
