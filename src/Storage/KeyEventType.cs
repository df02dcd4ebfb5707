namespace MiniKube.Storage;

public enum KeyEventType
{
    Put,
    Delete,
}
