namespace MiniKube.Client.Informers;

/// <summary>What a reflector fills.</summary>
public interface IReflectorSink<T>
{
    /// <summary>These are all the objects there are.</summary>
    void Replace(IReadOnlyList<T> objects);

    void Upsert(T obj);

    void Delete(T obj);
}
