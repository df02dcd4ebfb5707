namespace MiniKube.Client.Informers;

/// <summary>Where a reflector gets its objects from.</summary>
internal interface IListWatch<T>
{
    Task<ObjectList<T>> ListAsync(ListQuery query, CancellationToken cancellationToken);

    IAsyncEnumerable<WatchEvent<T>> WatchAsync(ListQuery query, CancellationToken cancellationToken);
}
