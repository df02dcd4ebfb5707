using System.Globalization;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Storage;

namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// A value in the store that is no object of its resource (KEP-3926). Who asks for it, or for a list that it belongs to, is told so: an object that is silently
/// left out would be taken for one that was deleted.
/// </summary>
/// <param name="StoreKey">Its key in the store.</param>
/// <param name="Message">What is wrong, in upstream's words.</param>
internal sealed record UnreadableObject(string StoreKey, string Message)
{
    private const int MaximumCauses = 100;

    public static UnreadableObject Of(KeyValue stored, Exception error) => new(
        stored.Key,
        string.Create(
            CultureInfo.InvariantCulture,
            $"StorageError: corrupt object, Code: 7, Key: {stored.Key}, ResourceVersion: 0, AdditionalErrorMsg: object not decodable revision={stored.ModRevision}: {error.Message}"));

    /// <summary>The answer to who asks for the object.</summary>
    public StatusException ToStatus() => StatusException.InternalError(Message);

    /// <summary>The answer to who asks for a list that these belong to.</summary>
    public static StatusException ToStatus(GroupVersionResource resource, string prefix, IReadOnlyCollection<UnreadableObject> objects)
    {
        var causes = objects.Take(MaximumCauses)
            .Select(obj => new V1StatusCause { Reason = "UnexpectedServerResponse", Field = obj.StoreKey, Message = obj.Message }).ToList();
        if (objects.Count > MaximumCauses)
        {
            causes.Add(new V1StatusCause { Reason = "FieldValueTooMany", Message = "too many errors, the list is truncated" });
        }

        return StatusException.StorageReadError(resource, prefix, causes);
    }
}
