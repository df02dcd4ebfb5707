using MiniKube.ApiServer.Registry;
using MiniKube.Storage;

namespace MiniKube.ApiServer.Resources.ServiceAllocation;

/// <summary>What a write takes and gives back.</summary>
internal sealed class AllocationChanges
{
    private readonly List<Compare> _compares = [];
    private readonly List<Operation> _operations = [];

    /// <summary>Takes a key that nobody has; if somebody else is quicker the whole write is tried again.</summary>
    public void Take(string key, ReadOnlyMemory<byte> value)
    {
        _compares.Add(new Compare(key, 0));
        _operations.Add(Operation.Put(key, value));
    }

    // No compare: while the Service is what it was, what it has is its own.
    public void GiveBack(string key) => _operations.Add(Operation.Delete(key));

    public WriteParts ToWriteParts() => _operations.Count == 0 ? WriteParts.None : new WriteParts(_compares, _operations);
}
