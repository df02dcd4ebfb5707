namespace MiniKube.Api.Selectors;

internal enum TokenKind
{
    End,
    Identifier,
    Operator,
    Not,
    Open,
    Close,
    Comma,
}
