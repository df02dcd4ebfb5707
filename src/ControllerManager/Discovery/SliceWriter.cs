using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>Does what a <see cref="SlicePlan"/> says.</summary>
internal sealed class SliceWriter(IObjectClient client, Expectations expectations)
{
    /// <summary>First what takes endpoints in, then what loses them: none is missing in between.</summary>
    public async Task WriteAsync(NamespacedName key, SlicePlan plan, CancellationToken cancellationToken)
    {
        await CreateAsync(key, plan.Create, cancellationToken);
        foreach (var slice in plan.Update)
        {
            await client.UpdateAsync(slice, cancellationToken);
        }

        foreach (var slice in plan.Delete)
        {
            await DeleteAsync(slice, cancellationToken);
        }
    }

    private async Task CreateAsync(NamespacedName key, IReadOnlyList<V1EndpointSlice> created, CancellationToken cancellationToken)
    {
        expectations.ExpectCreations(key, created.Count);
        var done = 0;
        try
        {
            foreach (var slice in created)
            {
                await client.CreateAsync(slice, cancellationToken);
                done++;
            }
        }
        finally
        {
            for (; done < created.Count; done++)
            {
                expectations.CreationObserved(key);
            }
        }
    }

    private async Task DeleteAsync(V1EndpointSlice slice, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteAsync<V1EndpointSlice>(slice.Key(), null, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            // Gone already.
        }
    }
}
